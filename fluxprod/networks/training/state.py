"""The state of a training: network, learned variances and optimiser."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.loss import LOG_VARIANCE_BOUND, total_loss
from fluxprod.networks.model.light_use import N_OUTPUTS
from fluxprod.networks.model.member import Row
from fluxprod.networks.model.mlp import initial_weights, layer_sizes, network
from fluxprod.networks.model.scaling import Scaling
from fluxprod.networks.random_streams import FIRST_TERM, INITIAL_WEIGHTS, stream
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.adam import Adam
from fluxprod.networks.training.checkpoints import Arrays
from fluxprod.networks.training.loss_terms import Sample, Term
from fluxprod.networks.training.schedule import learning_rate_at, variance_learning_rate
from fluxprod.networks.training.validation import validation_metrics


class TrainingState:
    """Everything that a training step changes.

    Parameters
    ----------
    terms : sequence of Term
        Terms of the loss: that of the towers and, for EC-ATM, that of the inversions.
    scaling : Scaling
        Scaling of the member: losses use NEE in g m-2 d-1, which it derives from the output.
    settings : TrainingSettings
        Network and learning rates.
    fold : int
        Number of the member.
    device : torch.device
        Device on which the network is trained.
    """

    def __init__(
        self,
        terms: Sequence[Term],
        scaling: Scaling,
        settings: TrainingSettings,
        fold: int,
        device: torch.device,
    ) -> None:
        self.terms, self.scaling, self.settings, self.fold = terms, scaling, settings, fold
        n_outputs = N_OUTPUTS if scaling.light_use else 1
        self.sizes = layer_sizes(len(scaling.x_mean), settings.width, settings.depth, n_outputs)
        drawn = initial_weights(self.sizes, stream(settings.seed, fold, INITIAL_WEIGHTS))
        self.weights = [torch.tensor(weight, device=device, requires_grad=True) for weight in drawn]
        self.names = [name for term in terms for name in term.names]
        start = [0.0] + [settings.variance_start] * (len(self.names) - 1)
        self.log_variance = torch.tensor(start, device=device, requires_grad=True)
        decay = [settings.weight_decay] * len(drawn) + [0.0]  # the variances do not decay
        rate = [settings.learning_rate] * len(drawn) + [variance_learning_rate(settings)]
        self.adam = Adam([*self.weights, self.log_variance], rate, decay)
        self.since_validation: list[Tensor] = []

    def vector(self) -> np.ndarray:
        """Copy of all weights and biases as one vector, float32 (parameter,)."""
        return self.adam.vector[: -len(self.names)].cpu().numpy().copy()

    def arrays(self) -> Arrays:
        """The state after a validation; Adam's vector holds the weights and the variances."""
        return self.adam.arrays()

    def restore(self, arrays: Arrays) -> None:
        """Resume from the result of `arrays`, exact to the last bit."""
        self.adam.restore(arrays)

    def samples(self, step: int) -> list[Sample]:
        """Samples of all terms for one step."""
        return [
            term.draw(stream(self.settings.seed, self.fold, purpose, step))
            for purpose, term in enumerate(self.terms, start=FIRST_TERM)
        ]

    def losses(self, samples: Sequence[Sample], scaled: Sequence[Tensor]) -> Tensor:
        """Losses of all terms, shape (loss,), from the output of the network for each sample."""
        return torch.cat(
            [
                sample.losses(self.scaling.nee(output, sample.x))
                for sample, output in zip(samples, scaled, strict=True)
            ]
        )

    def advance(self, step: int) -> None:
        """Take one step of Adam on Eq. 11."""
        samples = self.samples(step)
        losses = self.losses(samples, [network(sample.x, self.weights) for sample in samples])
        self.adam.zero_slope()
        total_loss(losses, self.log_variance).backward()
        self.apply_gradients(step, losses)

    def apply_gradients(self, step: int, losses: Tensor) -> None:
        """Update weights and variances with the gradients that Adam holds; note the losses."""
        self.adam.rate[: -len(self.names)] = learning_rate_at(step, self.settings)
        self.adam.step()
        with torch.no_grad():
            self.log_variance.clamp_(-LOG_VARIANCE_BOUND, LOG_VARIANCE_BOUND)
        self.since_validation.append(losses.detach())

    def validate(self, step: int) -> Row:
        """Row of the history: mean training losses since the last one, s, validation metrics."""
        trained = torch.stack(self.since_validation).mean(0).tolist()
        self.since_validation.clear()
        row: Row = {"fold": self.fold, "step": step}
        row |= {f"l_{name}": loss for name, loss in zip(self.names, trained)}
        row |= {f"s_{name}": s for name, s in zip(self.names, self.log_variance.tolist())}
        for term in self.terms:
            row |= validation_metrics(term, self.weights, self.scaling)
        return row
