"""How a network is built and trained."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """How a network is built and trained; defaults are those of Upton et al., Table B1.

    Parameters
    ----------
    width, depth : int
        Neurons of a hidden layer, number of hidden layers.
    learning_rate : float
        Of Adam.
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
    batch: int = 10_000
    steps: int = 1_500
    validate_every: int = 25
    seed: int = 0
    weight_decay: float = 0.0
    patience: int | None = None
