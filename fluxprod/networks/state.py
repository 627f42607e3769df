"""Network, learned variances and optimiser in the course of training."""

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.adam import Adam
from fluxprod.networks.checkpoints import Arrays
from fluxprod.networks.loss import LOG_VARIANCE_BOUND, total_loss
from fluxprod.networks.member import Row
from fluxprod.networks.mlp import initial_weights, layer_sizes, network, predict
from fluxprod.networks.random_streams import FIRST_TERM, INITIAL_WEIGHTS, stream
from fluxprod.networks.recipe import Recipe
from fluxprod.networks.scaling import Scaling
from fluxprod.networks.terms import Term


class TrainingState:
    """What a step changes.

    Parameters
    ----------
    terms : dict of Term
        Terms of the loss by name: ``EC`` and, for EC-ATM, ``ATM``.
    scaling : Scaling
        The network gives scaled NEE; losses are of NEE in its unit.
    recipe : Recipe
    fold : int
        Number of the member.
    device : torch.device
    """

    def __init__(
        self,
        terms: dict[str, Term],
        scaling: Scaling,
        recipe: Recipe,
        fold: int,
        device: torch.device,
    ) -> None:
        self.terms, self.scaling, self.recipe, self.fold = terms, scaling, recipe, fold
        sizes = layer_sizes(len(scaling.x_mean), recipe.width, recipe.depth)
        drawn = initial_weights(sizes, stream(recipe.seed, fold, INITIAL_WEIGHTS))
        self.weights = [torch.tensor(weight, device=device, requires_grad=True) for weight in drawn]
        self.log_variance = torch.zeros(len(terms), device=device, requires_grad=True)
        decay = [recipe.weight_decay] * len(self.weights) + [0.0]  # none of the variances
        self.adam = Adam([*self.weights, self.log_variance], recipe.learning_rate, decay)
        self.since_validation: list[Tensor] = []

    def arrays(self) -> Arrays:
        """The state after a validation: weights and variances are windows on Adam's vector."""
        return self.adam.arrays()

    def restore(self, arrays: Arrays) -> None:
        """Go on from what `arrays` gave, bit for bit."""
        self.adam.restore(arrays)

    def losses(self, step: int) -> Tensor:
        """Terms of the loss at one step's draws, shape (term,), differentiable."""
        losses = []
        for purpose, term in enumerate(self.terms.values(), start=FIRST_TERM):
            sample = term.draw(stream(self.recipe.seed, self.fold, purpose, step))
            losses.append(sample.loss(self._nee(network(sample.x, self.weights))))
        return torch.stack(losses)

    def advance(self, step: int) -> None:
        """One step of Adam on Eq. 11."""
        losses = self.losses(step)
        self.adam.zero_slope()
        total_loss(losses, self.log_variance).backward()
        self.adam.step()
        with torch.no_grad():
            self.log_variance.clamp_(-LOG_VARIANCE_BOUND, LOG_VARIANCE_BOUND)
        self.since_validation.append(losses.detach())

    def validate(self, step: int) -> Row:
        """Row of the history: losses in training since the last row, s, losses held out."""
        trained = torch.stack(self.since_validation).mean(0).tolist()
        self.since_validation.clear()
        row: Row = {"fold": self.fold, "step": step}
        row |= {f"l_{name}": loss for name, loss in zip(self.terms, trained)}
        row |= {f"s_{name}": s for name, s in zip(self.terms, self.log_variance.tolist())}
        parts: Row = {}
        for name, term in self.terms.items():
            row[f"val_l_{name}"], of_term = self._held_out(term)
            parts |= of_term
        return row | parts

    def _nee(self, scaled: Tensor) -> Tensor:
        return scaled * self.scaling.y_std + self.scaling.y_mean

    def _held_out(self, term: Term) -> tuple[float, Row]:
        """Mean loss, and means of its parts, over all that a term holds out."""
        losses, parts = [], []
        for sample in term.held_out():
            nee = self._nee(predict(sample.x, self.weights))
            losses.append(float(sample.loss(nee)))
            parts.append(sample.diagnostics(nee))
        means = {name: float(np.mean([part[name] for part in parts])) for name in parts[0]}
        return float(np.mean(losses)), means
