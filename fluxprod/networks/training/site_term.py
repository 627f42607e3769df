"""The tower term, which EC and EC-ATM share: NEE at eddy-covariance sites, Eqs. 3 and 4."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.loss import site_loss
from fluxprod.networks.model.scaling import Scaling


@dataclass(frozen=True)
class SiteSample:
    """Some site-days: scaled drivers (row, driver) [1] and NEE (row,) [g m-2 d-1]."""

    x: Tensor
    y: Tensor

    def losses(self, nee: Tensor) -> Tensor:
        """Eq. 4 [(g m-2 d-1)^2], shape (1,)."""
        return site_loss(nee, self.y)[None]

    def diagnostics(self, nee: Tensor) -> dict[str, float]:
        """Empty: the loss at the sites has no parts."""
        return {}


@dataclass(frozen=True)
class SiteTerm:
    """Training and held-out site-days on a device, and the number drawn for each step."""

    training: SiteSample
    validation: SiteSample
    batch: int
    names: tuple[str, ...] = ("EC",)

    def draw(self, rng: np.random.Generator) -> SiteSample:
        """``batch`` site-days drawn with replacement, or all if there are no more."""
        x, y = self.training.x, self.training.y
        if self.batch >= len(x):
            return self.training
        index = torch.from_numpy(rng.integers(len(x), size=self.batch)).to(x.device)
        return SiteSample(x.index_select(0, index), y.index_select(0, index))

    def held_out(self) -> Iterator[SiteSample]:
        """All held-out site-days at once.

        Yields
        ------
        SiteSample
            The only sample.
        """
        yield self.validation


def site_sample(x: np.ndarray, y: np.ndarray, scaling: Scaling, device: torch.device) -> SiteSample:
    """Scale drivers (record, driver) and copy them with NEE (record,) to the device."""
    scaled = torch.from_numpy(scaling.scaled(x)).to(device)
    return SiteSample(scaled, torch.from_numpy(y.astype(np.float32)).to(device))
