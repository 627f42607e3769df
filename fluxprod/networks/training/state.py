"""Network, learned variances and optimiser in the course of training."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.loss import LOG_VARIANCE_BOUND, total_loss
from fluxprod.networks.model.member import Row
from fluxprod.networks.model.mlp import initial_weights, layer_sizes, network
from fluxprod.networks.model.scaling import Scaling
from fluxprod.networks.random_streams import FIRST_TERM, INITIAL_WEIGHTS, stream
from fluxprod.networks.training.adam import Adam
from fluxprod.networks.training.checkpoints import Arrays
from fluxprod.networks.training.loss_terms import Sample, Term
from fluxprod.networks.training.settings import Recipe
from fluxprod.networks.training.validation import judged


class TrainingState:
    """What a step changes.

    Parameters
    ----------
    terms : sequence of Term
        The towers and, for EC-ATM, the regions.
    scaling : Scaling
        The network gives scaled NEE; losses are of NEE in its unit.
    recipe : Recipe
    fold : int
        Number of the member.
    device : torch.device
    """

    def __init__(
        self,
        terms: Sequence[Term],
        scaling: Scaling,
        recipe: Recipe,
        fold: int,
        device: torch.device,
    ) -> None:
        self.terms, self.scaling, self.recipe, self.fold = terms, scaling, recipe, fold
        self.sizes = layer_sizes(len(scaling.x_mean), recipe.width, recipe.depth)
        drawn = initial_weights(self.sizes, stream(recipe.seed, fold, INITIAL_WEIGHTS))
        self.weights = [torch.tensor(weight, device=device, requires_grad=True) for weight in drawn]
        self.names = [name for term in terms for name in term.names]
        start = [0.0] + [recipe.variance_start] * (len(self.names) - 1)
        self.log_variance = torch.tensor(start, device=device, requires_grad=True)
        decay = [recipe.weight_decay] * len(drawn) + [0.0]  # none of the variances
        rate = [recipe.learning_rate] * len(drawn) + [recipe.rate_of_variances]
        self.adam = Adam([*self.weights, self.log_variance], rate, decay)
        self.since_validation: list[Tensor] = []

    def vector(self) -> np.ndarray:
        """Copy of the network's weights, one after the other, float32 (parameter,)."""
        return self.adam.vector[: -len(self.names)].cpu().numpy().copy()

    def arrays(self) -> Arrays:
        """The state after a validation: weights and variances are windows on Adam's vector."""
        return self.adam.arrays()

    def restore(self, arrays: Arrays) -> None:
        """Go on from what `arrays` gave, bit for bit."""
        self.adam.restore(arrays)

    def samples(self, step: int) -> list[Sample]:
        """One step's draws of all terms."""
        return [
            term.draw(stream(self.recipe.seed, self.fold, purpose, step))
            for purpose, term in enumerate(self.terms, start=FIRST_TERM)
        ]

    def losses(self, samples: Sequence[Sample], scaled: Sequence[Tensor]) -> Tensor:
        """Losses of all terms, shape (loss,), from the network's output at each sample's rows."""
        return torch.cat(
            [
                sample.losses(output * self.scaling.y_std + self.scaling.y_mean)
                for sample, output in zip(samples, scaled, strict=True)
            ]
        )

    def advance(self, step: int) -> None:
        """One step of Adam on Eq. 11."""
        samples = self.samples(step)
        losses = self.losses(samples, [network(sample.x, self.weights) for sample in samples])
        self.adam.zero_slope()
        total_loss(losses, self.log_variance).backward()
        self.descend(step, losses)

    def descend(self, step: int, losses: Tensor) -> None:
        """Move against the slope that Adam holds, of a step's losses."""
        self.adam.rate[: -len(self.names)] = self.recipe.learning_rate_at(step)
        self.adam.step()
        with torch.no_grad():
            self.log_variance.clamp_(-LOG_VARIANCE_BOUND, LOG_VARIANCE_BOUND)
        self.since_validation.append(losses.detach())

    def validate(self, step: int) -> Row:
        """Row of the history: losses in training since the last row, s, losses held out."""
        trained = torch.stack(self.since_validation).mean(0).tolist()
        self.since_validation.clear()
        row: Row = {"fold": self.fold, "step": step}
        row |= {f"l_{name}": loss for name, loss in zip(self.names, trained)}
        row |= {f"s_{name}": s for name, s in zip(self.names, self.log_variance.tolist())}
        for term in self.terms:
            row |= judged(term, self.weights, self.scaling)
        return row
