"""Inversions seen through regional operators: the term that EC-ATM adds, Eqs. 5 to 8."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fluxprod.core.time_axis import MONTHS
from fluxprod.networks.constraint.regional_operator import (
    Footprint,
    Operator,
    OperatorSource,
    month_weights,
    regional_totals,
)
from fluxprod.networks.loss import (
    annual_loss,
    atmospheric_loss,
    monthly_losses,
    regional_losses,
)
from fluxprod.networks.model.cell_drivers import CellDrivers, DeviceDrivers
from fluxprod.networks.model.scaling import Scaling
from fluxprod.networks.random_streams import HELD_OUT_YEARS, stream


@dataclass(frozen=True)
class Year:
    """One year of inversions, and where its days lie in the drivers.

    Parameters
    ----------
    days : ndarray of int, shape (day,)
        Positions on the drivers' time axis.
    month : ndarray of int, shape (day,)
        Month, from 0, of each day.
    month_days : ndarray, shape (month,)
        [d].
    inversions : ndarray, shape (member, region, month)
        [PgC month-1], NaN where a member is absent.
    """

    days: np.ndarray
    month: np.ndarray
    month_days: np.ndarray
    inversions: np.ndarray

    def every(self, stride: int, first: int) -> "Year":
        """Every ``stride``-th day from the ``first``."""
        days = slice(first, None, stride)
        return Year(self.days[days], self.month[days], self.month_days, self.inversions)

    def of_months(self, months: np.ndarray) -> "Year":
        """Some months alone, rising."""
        inside = np.isin(self.month, months)
        month = np.searchsorted(months, self.month[inside])
        inversions = self.inversions[:, :, months]
        return Year(self.days[inside], month, self.month_days[months], inversions)


@dataclass(frozen=True)
class Sampling:
    """What of the regions, months and days enters the loss.

    Parameters
    ----------
    day_stride : int
        Every so many days of a year enter a training step, from a day drawn at random; 1: all.
    held_out_stride : int
        The same for the years held out, from their middle day on; the same days each time.
    n_regions, n_months : int
        Drawn at random for a step; 0: all.
    """

    day_stride: int
    held_out_stride: int = 1
    n_regions: int = 0
    n_months: int = 0


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
    operator : OperatorSource
        From their NEE to regional totals.
    training, held_out : tuple of Year
    sampling : Sampling
    norm : int
        Of Eq. 6.
    annual : bool
        Whether the annual total of all regions is a term of its own.
    """

    regions: tuple[str, ...]
    land_area: np.ndarray
    drivers: CellDrivers
    operator: OperatorSource
    training: tuple[Year, ...]
    held_out: tuple[Year, ...]
    sampling: Sampling
    norm: int = 3
    annual: bool = False

    @property
    def n_contributions(self) -> int:
        """Of all regions."""
        return len(self.drivers.values[0])

    def on_device(self, device: torch.device) -> "DeviceRegions":
        """For all members on a device."""
        drivers, operator = self.drivers.on_device(device), self.operator.on_device(device)
        return DeviceRegions(self, drivers, operator, device)


@dataclass(frozen=True)
class DeviceRegions:
    """The term on a device."""

    source: RegionalSource
    drivers: DeviceDrivers
    operator: Operator
    device: torch.device

    def scaled(self, scaling: Scaling) -> "RegionalTerm":
        """For one member."""
        return RegionalTerm(self.source, self.drivers, self.operator, self.device, scaling)


@dataclass(frozen=True)
class RegionalTerm:
    """The term on the device and in the scaling of one member."""

    source: RegionalSource
    drivers: DeviceDrivers
    operator: Operator
    device: torch.device
    scaling: Scaling

    @property
    def names(self) -> tuple[str, ...]:
        """Of its losses."""
        return ("ATM", "GLOBAL") if self.source.annual else ("ATM",)

    def draw(self, rng: np.random.Generator) -> "RegionalSample":
        """One random training year: some of its days, months and regions."""
        years, sampling = self.source.training, self.source.sampling
        year = years[rng.integers(len(years))]
        year = year.every(sampling.day_stride, int(rng.integers(sampling.day_stride)))
        if sampling.n_months:
            year = year.of_months(np.sort(rng.permutation(MONTHS)[: sampling.n_months]))
        footprint = self.operator.draw(rng)
        regions = np.arange(len(self.source.regions))
        if 0 < sampling.n_regions < len(regions):
            regions = np.sort(rng.permutation(regions)[: sampling.n_regions])
            footprint = footprint.of_regions(self._on_device(regions))
        return self._sample(year, footprint, regions)

    def held_out(self) -> Iterator["RegionalSample"]:
        """Each held-out year, always at the same days."""
        stride, regions = self.source.sampling.held_out_stride, np.arange(len(self.source.regions))
        for year in self.source.held_out:
            yield self._sample(year.every(stride, stride // 2), self.operator.whole(), regions)

    def _sample(self, year: Year, footprint: Footprint, regions: np.ndarray) -> "RegionalSample":
        weights = month_weights(year.month, year.month_days)
        return RegionalSample(
            self.drivers.rows(self._on_device(year.days), footprint.cells, self.scaling),
            footprint,
            self._on_device(weights.astype(np.float32)),
            self._on_device(year.inversions[:, regions].astype(np.float32)),
            self._on_device(self.source.land_area[regions].astype(np.float32)),
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

    def losses(self, nee: Tensor) -> Tensor:
        """Eqs. 5 to 8 of NEE (row,) [g m-2 d-1] in PgC month-1, and the annual term if asked."""
        regional, present, totals = self._regional(nee)
        monthly = atmospheric_loss(regional, present, self.land_area)
        if not self.source.annual:
            return monthly[None]
        return torch.stack([monthly, annual_loss(totals, self.inversions, self.source.norm)])

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
