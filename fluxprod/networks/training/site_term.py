"""NEE at eddy-covariance towers: the term of the loss that EC and EC-ATM share, Eqs. 3 and 4."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.loss import site_loss
from fluxprod.networks.model.scaling import Scaling


@dataclass(frozen=True)
class SiteSample:
    """Some site-days: scaled drivers (row, driver) and NEE (row,) [g m-2 d-1]."""

    x: Tensor
    y: Tensor

    def losses(self, nee: Tensor) -> Tensor:
        """Eq. 4 [(g m-2 d-1)^2], shape (1,)."""
        return site_loss(nee, self.y)[None]

    def diagnostics(self, nee: Tensor) -> dict[str, float]:
        """No parts."""
        return {}


@dataclass(frozen=True)
class SiteTerm:
    """Training and held-out site-days on the device, and how many of them make a step."""

    training: SiteSample
    validation: SiteSample
    batch: int
    names: tuple[str, ...] = ("EC",)

    def draw(self, rng: np.random.Generator) -> SiteSample:
        """``batch`` site-days, drawn with replacement; all where there are no more."""
        x, y = self.training.x, self.training.y
        if self.batch >= len(x):
            return self.training
        index = torch.from_numpy(rng.integers(len(x), size=self.batch)).to(x.device)
        return SiteSample(x.index_select(0, index), y.index_select(0, index))

    def held_out(self) -> Iterator[SiteSample]:
        """Every held-out site-day."""
        yield self.validation


def site_sample(x: np.ndarray, y: np.ndarray, scaling: Scaling, device: torch.device) -> SiteSample:
    """Scale records and put them on the device."""
    scaled = torch.from_numpy(scaling.scaled(x)).to(device)
    return SiteSample(scaled, torch.from_numpy(y.astype(np.float32)).to(device))
