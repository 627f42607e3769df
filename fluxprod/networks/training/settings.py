"""How a network is built and trained."""

from dataclasses import dataclass
from math import cos, pi


@dataclass(frozen=True)
class Recipe:
    """How a network is built and trained; defaults are those of Upton et al., Table B1.

    Parameters
    ----------
    width, depth : int
        Neurons of a hidden layer, number of hidden layers.
    learning_rate, final_learning_rate : float
        Of Adam, at the first step and, along half a cosine (Loshchilov & Hutter 2017,
        arXiv:1608.03983), at the last; None, as in the paper, stays at the first.
    variance_rate : float
        Learning rate of the log variances of Eqs. 9 to 11, which does not fall; None, as in the
        paper, is that of the network.
    variance_start : float
        Log variance of the second term, and of a third, at the first step; that of the towers'
        term starts at zero.
    batch : int
        Site-days a step; all of them where there are fewer.
    steps : int
        Fixed, not epochs: the learned variances of Eqs. 9 to 11 move by steps.
    validate_every : int
        Steps between two validations, each a candidate for the best state.
    seed : int
        Of initial weights and draws.
    weight_decay : float
        Decoupled (Loshchilov & Hutter 2019, arXiv:1711.05101), per unit of learning rate; zero, as
        in the paper, is plain Adam.
    patience : int, optional
        Stop after so many validations without a better one; None, as in the paper, never.
    """

    width: int = 32
    depth: int = 3
    learning_rate: float = 0.003
    final_learning_rate: float | None = None
    variance_rate: float | None = None
    variance_start: float = 0.0
    batch: int = 10_000
    steps: int = 1_500
    validate_every: int = 25
    seed: int = 0
    weight_decay: float = 0.0
    patience: int | None = None

    @property
    def rate_of_variances(self) -> float:
        """Learning rate of the log variances."""
        return self.learning_rate if self.variance_rate is None else self.variance_rate

    def learning_rate_at(self, step: int) -> float:
        """Learning rate of the network at a step, from 1."""
        first, last = self.learning_rate, self.final_learning_rate
        if last is None:
            return first
        return last + 0.5 * (first - last) * (1.0 + cos(pi * (step - 1) / max(self.steps - 1, 1)))
