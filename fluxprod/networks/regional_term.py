"""Inversions seen through regional operators: the term that EC-ATM adds, Eqs. 5 to 8."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.cell_drivers import CellDrivers, PreparedDrivers
from fluxprod.networks.loss import atmospheric_loss, monthly_losses, regional_losses
from fluxprod.networks.random_streams import HELD_OUT_YEARS, stream
from fluxprod.networks.regional_operator import (
    FixedOperator,
    Footprint,
    Operator,
    month_weights,
    regional_totals,
)
from fluxprod.networks.scaling import Scaling


@dataclass(frozen=True)
class Year:
    """One year of inversions, and where its days lie in the drivers.

    Parameters
    ----------
    days : ndarray of int, shape (day,)
        Positions on the drivers' time axis.
    month : ndarray of int, shape (day,)
        Month, from 0, of each day.
    month_days : ndarray, shape (12,)
        [d].
    inversions : ndarray, shape (member, region, 12)
        [PgC month-1], NaN where a member is absent.
    """

    days: np.ndarray
    month: np.ndarray
    month_days: np.ndarray
    inversions: np.ndarray


@dataclass(frozen=True)
class RegionalSource:
    """The term as plain arrays, the same for all members.

    Parameters
    ----------
    regions : tuple of str
        Abbreviations.
    land_area : ndarray, shape (region,)
        [m2].
    drivers : CellDrivers
        Of the contributing cells.
    theta : ndarray, shape (region, contribution)
        [1e15 m2].
    intercept : ndarray, shape (region,)
        [PgC d-1].
    training, held_out : tuple of Year
    day_stride : int
        Every so many days of a year enter a training step, from a day drawn at random; 1: all.
    norm : int
        Of Eq. 6.
    """

    regions: tuple[str, ...]
    land_area: np.ndarray
    drivers: CellDrivers
    theta: np.ndarray
    intercept: np.ndarray
    training: tuple[Year, ...]
    held_out: tuple[Year, ...]
    day_stride: int
    norm: int

    def prepared(self, scaling: Scaling, device: torch.device) -> "RegionalTerm":
        """For one member."""
        theta, intercept = (
            torch.from_numpy(values.astype(np.float32)).to(device)
            for values in (self.theta, self.intercept)
        )
        drivers = self.drivers.prepared(scaling.x_mean, scaling.x_std, device)
        return RegionalTerm(self, drivers, FixedOperator(Footprint(None, theta, intercept)), device)


@dataclass(frozen=True)
class RegionalTerm:
    """The term on the device and in the scaling of one member."""

    source: RegionalSource
    drivers: PreparedDrivers
    operator: Operator
    device: torch.device

    def draw(self, rng: np.random.Generator) -> "RegionalSample":
        """All regions and one random training year, every ``day_stride`` days of it."""
        years, stride = self.source.training, self.source.day_stride
        year = years[rng.integers(len(years))]
        return self._sample(year, slice(rng.integers(stride), None, stride), rng)

    def held_out(self) -> Iterator["RegionalSample"]:
        """Each held-out year, with all its days."""
        rng = np.random.default_rng(0)
        for year in self.source.held_out:
            yield self._sample(year, slice(None), rng)

    def _sample(self, year: Year, days: slice, rng: np.random.Generator) -> "RegionalSample":
        footprint = self.operator.draw(rng)
        weights = month_weights(year.month[days], year.month_days)
        return RegionalSample(
            self.drivers.rows(self._on_device(year.days[days]), footprint.cells),
            footprint,
            self._on_device(weights.astype(np.float32)),
            self._on_device(year.inversions.astype(np.float32)),
            self._on_device(self.source.land_area.astype(np.float32)),
            self.source,
        )

    def _on_device(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(values).to(self.device)


@dataclass(frozen=True)
class RegionalSample:
    """The drivers of one year, and what the inversions say of it."""

    x: Tensor
    footprint: Footprint
    weights: Tensor
    inversions: Tensor
    land_area: Tensor
    source: RegionalSource

    def loss(self, nee: Tensor) -> Tensor:
        """Eqs. 5 to 8 of NEE (row,) [g m-2 d-1], in PgC month-1."""
        regional, present, _ = self._regional(nee)
        return atmospheric_loss(regional, present, self.land_area)

    def diagnostics(self, nee: Tensor) -> dict[str, float]:
        """Eq. 7 [PgC month-1] and the annual total [PgC yr-1] of each region."""
        regional, _, totals = self._regional(nee)
        names = self.source.regions
        losses = {f"val_l_{name}": value for name, value in zip(names, regional.tolist())}
        annual = totals.sum(1).tolist()
        return losses | {f"val_NEE_{name}": value for name, value in zip(names, annual)}

    def _regional(self, nee: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        totals = regional_totals(nee, self.footprint, self.weights)
        loss, present = monthly_losses(totals, self.inversions, self.source.norm)
        return regional_losses(loss, present), present, totals


def drawn_years(years: Sequence[int], n_held_out: int, seed: int) -> list[int]:
    """Years that are held out, drawn once for all members."""
    rng = stream(seed, 0, HELD_OUT_YEARS)
    return sorted(int(year) for year in rng.choice(list(years), n_held_out, replace=False))
