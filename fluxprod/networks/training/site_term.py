"""The tower term, which EC and EC-ATM share: NEE at eddy-covariance sites, Eqs. 3 and 4."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from fluxprod.core.variables import DAILY_DRIVERS
from fluxprod.networks.loss import site_loss
from fluxprod.networks.model.scaling import Scaling


@dataclass(frozen=True)
class SiteSample:
    """Some site-days: scaled drivers (row, driver) [1] and NEE (row,) [g m-2 d-1].

    Errors larger than ``linear_beyond`` [g m-2 d-1] count linearly; see `site_loss`.
    """

    x: Tensor
    y: Tensor
    linear_beyond: float | None = None

    def losses(self, nee: Tensor) -> Tensor:
        """Eq. 4 [(g m-2 d-1)^2], shape (1,)."""
        return site_loss(nee, self.y, self.linear_beyond)[None]

    def diagnostics(self, nee: Tensor) -> dict[str, float]:
        """Empty: the loss at the sites has no parts."""
        return {}


@dataclass(frozen=True)
class SiteTerm:
    """Training and held-out site-days on a device, and how the sample of a step is drawn.

    Parameters
    ----------
    training, validation : SiteSample
        Site-days to train on, and site-days that training never sees.
    batch : int
        Number of site-days drawn for each step.
    chance : ndarray, shape (row,), optional
        Probability of each training row in the draw, with a sum of 1; None draws all alike.
    noise : ndarray of float32, shape (driver,), optional
        Standard deviation of the noise on each scaled driver of a sample [1]; None is no noise.
    """

    training: SiteSample
    validation: SiteSample
    batch: int
    chance: np.ndarray | None = None
    noise: np.ndarray | None = None
    names: tuple[str, ...] = ("EC",)

    def draw(self, rng: np.random.Generator) -> SiteSample:
        """``batch`` site-days drawn with replacement; all if alike and no more than ``batch``."""
        drawn, n_rows = self.training, len(self.training.x)
        if self.chance is not None:
            drawn = _rows(drawn, rng.choice(n_rows, self.batch, p=self.chance))
        elif self.batch < n_rows:
            drawn = _rows(drawn, rng.integers(n_rows, size=self.batch))
        if self.noise is None:
            return drawn
        noise = rng.standard_normal(drawn.x.shape, dtype=np.float32) * self.noise
        return replace(drawn, x=drawn.x + torch.from_numpy(noise).to(drawn.x.device))

    def held_out(self) -> Iterator[SiteSample]:
        """All held-out site-days at once.

        Yields
        ------
        SiteSample
            The only sample.
        """
        yield self.validation


def _rows(sample: SiteSample, index: np.ndarray) -> SiteSample:
    """Select rows of a sample."""
    row = torch.from_numpy(index).to(sample.x.device)
    return replace(sample, x=sample.x.index_select(0, row), y=sample.y.index_select(0, row))


def site_sample(
    x: np.ndarray,
    y: np.ndarray,
    scaling: Scaling,
    device: torch.device,
    linear_beyond: float | None = None,
) -> SiteSample:
    """Scale drivers (record, driver) and copy them with NEE (record,) to the device."""
    scaled = torch.from_numpy(scaling.scaled(x)).to(device)
    return SiteSample(scaled, torch.from_numpy(y.astype(np.float32)).to(device), linear_beyond)


def chances(site: np.ndarray, weight: np.ndarray, balance: float) -> np.ndarray | None:
    """Probability of each record in the draw of a step, w n^-b, where n is the sum of w of a site.

    Parameters
    ----------
    site : ndarray, shape (record,)
        Site of each record.
    weight : ndarray, shape (record,)
        Weight w of each record, for example the number of days it stands for [1].
    balance : float
        Exponent b: with 0 records count by their weights alone, with 1 all sites alike.

    Returns
    -------
    ndarray, shape (record,), or None
        Probabilities with a sum of 1; None if all are the same.
    """
    _, number = np.unique(site, return_inverse=True)
    share = weight * np.bincount(number, weights=weight)[number] ** -balance
    return None if (share == share[0]).all() else np.asarray(share / share.sum())


def noise_of_drivers(drivers: Sequence[str], *, seasonal: float, daily: float) -> np.ndarray | None:
    """Standard deviation of the noise on each driver, relative to that of the driver.

    Parameters
    ----------
    drivers : sequence of str
        Names of the drivers, in their order.
    seasonal, daily : float
        Noise on drivers that are the same every year, and on those that change from day to day [1].

    Returns
    -------
    ndarray of float32, shape (driver,), or None
        Noise of each driver; None if there is none.
    """
    if not seasonal and not daily:
        return None
    noise = [daily if name in DAILY_DRIVERS else seasonal for name in drivers]
    return np.array(noise, np.float32)
