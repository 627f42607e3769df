"""What training asks of a term of the loss; whatever answers can train a network.

A term hands out samples: drivers at which it wants the network's NEE, and losses of that NEE.
Training knows no more of it, so another operator (an atmospheric transport footprint, say) needs
no change there.
"""

from collections.abc import Iterable
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.model.scaling import Scaling


class Sample(Protocol):
    """What a term asks of the network at once."""

    @property
    def x(self) -> Tensor:
        """Scaled drivers (row, driver)."""
        ...

    def losses(self, nee: Tensor) -> Tensor:
        """Losses, shape (loss,), of the network's NEE (row,) [g m-2 d-1]."""
        ...

    def diagnostics(self, nee: Tensor) -> dict[str, float]:
        """Parts of the loss by name, for the history."""
        ...


class Term(Protocol):
    """A term of the loss, on the device and in the scaling of one member."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the losses of its samples; each has a learned variance of its own."""
        ...

    def draw(self, rng: np.random.Generator) -> Sample:
        """Sample for one training step."""
        ...

    def held_out(self) -> Iterable[Sample]:
        """All samples that training never sees."""
        ...


class DeviceTerm(Protocol):
    """A term of the loss on a device."""

    def scaled(self, scaling: Scaling) -> Term:
        """For one member."""
        ...


class TermSource(Protocol):
    """A term of the loss as plain arrays, the same for all members."""

    def on_device(self, device: torch.device) -> DeviceTerm:
        """On a device, once for all members that are trained there."""
        ...
