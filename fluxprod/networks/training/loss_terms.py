"""The interface of a term of the loss, such as that of the towers or of the inversions.

A term provides samples: drivers for which it needs the network's NEE, and the losses of that NEE.
Training relies on nothing else, so another kind of term, such as one of atmospheric transport
footprints, requires no change in training.
"""

from collections.abc import Iterable
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.model.scaling import Scaling


class Sample(Protocol):
    """Rows of drivers that a term evaluates at once, and the losses of the network on them."""

    @property
    def x(self) -> Tensor:
        """Scaled drivers (row, driver) [1]."""
        ...

    def losses(self, nee: Tensor) -> Tensor:
        """Losses, shape (loss,), of the network's NEE (row,) [g m-2 d-1]."""
        ...

    def diagnostics(self, nee: Tensor) -> dict[str, float]:
        """Parts of the loss by name, for the history."""
        ...


class Term(Protocol):
    """A term of the loss on a device, with the scaling of one member."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the losses of its samples; each loss has its own learned variance."""
        ...

    def draw(self, rng: np.random.Generator) -> Sample:
        """Draw the sample of one training step."""
        ...

    def held_out(self) -> Iterable[Sample]:
        """All samples that training never sees."""
        ...


class DeviceTerm(Protocol):
    """A term of the loss on a device."""

    def scaled(self, scaling: Scaling) -> Term:
        """The term for one member, with the scaling of that member."""
        ...


class TermSource(Protocol):
    """A term of the loss as plain arrays, shared by all members."""

    def on_device(self, device: torch.device) -> DeviceTerm:
        """Copy the term to a device, once for all members trained there."""
        ...
