"""The inversion term that EC-ATM adds to the loss, Eqs. 5 to 8."""

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
    monthly_losses,
    regional_loss,
    regional_losses,
)
from fluxprod.networks.model.cell_drivers import CellDrivers, DeviceDrivers
from fluxprod.networks.model.scaling import Scaling
from fluxprod.networks.random_streams import HELD_OUT_YEARS, stream
from fluxprod.networks.settings import ConstraintSettings


@dataclass(frozen=True)
class Year:
    """One year of inversions, and the positions of its days on the time axis of the drivers.

    Parameters
    ----------
    days : ndarray of int, shape (day,)
        Positions on the drivers' time axis.
    month : ndarray of int, shape (day,)
        Month of each day, counted from 0.
    month_days : ndarray, shape (month,)
        Length of each month [d].
    inversions : ndarray, shape (member, region, month)
        NEE of each inversion, NaN where it is absent [PgC month-1].
    """

    days: np.ndarray
    month: np.ndarray
    month_days: np.ndarray
    inversions: np.ndarray

    def with_stride(self, stride: int, first: int) -> "Year":
        """Every ``stride``-th day, starting from day ``first``."""
        days = slice(first, None, stride)
        return Year(self.days[days], self.month[days], self.month_days, self.inversions)

    def of_months(self, months: np.ndarray) -> "Year":
        """The same year restricted to some months, given in ascending order."""
        inside = np.isin(self.month, months)
        month = np.searchsorted(months, self.month[inside])
        inversions = self.inversions[:, :, months]
        return Year(self.days[inside], month, self.month_days[months], inversions)


@dataclass(frozen=True)
class RegionalSource:
    """The inversion term as plain arrays, shared by all members.

    Parameters
    ----------
    regions : tuple of str
        Abbreviations of the regions.
    land_area : ndarray, shape (region,)
        Land area of the regions [m2].
    drivers : CellDrivers
        Drivers of the contributing cells.
    operator : OperatorSource
        Map from the NEE of these cells to regional totals.
    training, held_out : tuple of Year
        Years to train on, and years that training never sees.
    settings : ConstraintSettings
        Days, months and regions of a training step, and the norm of the loss.
    """

    regions: tuple[str, ...]
    land_area: np.ndarray
    drivers: CellDrivers
    operator: OperatorSource
    training: tuple[Year, ...]
    held_out: tuple[Year, ...]
    settings: ConstraintSettings

    @property
    def n_contributions(self) -> int:
        """Number of contributing cells in all regions."""
        return len(self.drivers.values[0])

    def on_device(self, device: torch.device) -> "DeviceRegions":
        """Copy the term to a device, once for all members trained there."""
        drivers, operator = self.drivers.on_device(device), self.operator.on_device(device)
        return DeviceRegions(self, drivers, operator, device)


@dataclass(frozen=True)
class DeviceRegions:
    """The inversion term on a device."""

    source: RegionalSource
    drivers: DeviceDrivers
    operator: Operator
    device: torch.device

    def scaled(self, scaling: Scaling) -> "RegionalTerm":
        """The term for one member, with the scaling of that member."""
        return RegionalTerm(self.source, self.drivers, self.operator, self.device, scaling)


@dataclass(frozen=True)
class RegionalTerm:
    """The inversion term on a device, with the scaling of one member."""

    source: RegionalSource
    drivers: DeviceDrivers
    operator: Operator
    device: torch.device
    scaling: Scaling

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the losses, in the order in which a sample returns them."""
        return ("ATM", "GLOBAL") if self.source.settings.annual_term else ("ATM",)

    def draw(self, rng: np.random.Generator) -> "RegionalSample":
        """One random training year, with the days, months and regions drawn for one step."""
        years, settings = self.source.training, self.source.settings
        year = years[rng.integers(len(years))]
        year = year.with_stride(settings.day_stride, int(rng.integers(settings.day_stride)))
        if settings.n_months:
            year = year.of_months(np.sort(rng.permutation(MONTHS)[: settings.n_months]))
        footprint = self.operator.draw(rng)
        regions = np.arange(len(self.source.regions))
        if 0 < settings.n_regions < len(regions):
            regions = np.sort(rng.permutation(regions)[: settings.n_regions])
            footprint = footprint.of_regions(self._on_device(regions))
        return self._sample(year, footprint, regions)

    def held_out(self) -> Iterator["RegionalSample"]:
        """Each held-out year, always with the same days.

        Yields
        ------
        RegionalSample
            One year.
        """
        stride, regions = self.source.settings.held_out_stride, np.arange(len(self.source.regions))
        for year in self.source.held_out:
            days = year.with_stride(stride, stride // 2)
            yield self._sample(days, self.operator.full(), regions)

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
    """Drivers of the contributing cells in one year, and the inversions of that year."""

    x: Tensor
    footprint: Footprint
    weights: Tensor
    inversions: Tensor
    land_area: Tensor
    source: RegionalSource

    def losses(self, nee: Tensor) -> Tensor:
        """Losses of NEE (row,) [g m-2 d-1], shape (loss,).

        Eqs. 5 to 8 [PgC month-1] and, if the settings ask for it, the annual term [PgC yr-1].
        """
        settings, totals = self.source.settings, self._totals(nee)
        monthly = regional_loss(totals, self.inversions, self.land_area, settings.norm)
        if not settings.annual_term:
            return monthly[None]
        return torch.stack([monthly, annual_loss(totals, self.inversions, settings.norm)])

    def diagnostics(self, nee: Tensor) -> dict[str, float]:
        """Loss of Eq. 7 [PgC month-1] and annual total [PgC yr-1] of each region, by name."""
        names, totals = self.source.regions, self._totals(nee)
        regional = regional_losses(
            *monthly_losses(totals, self.inversions, self.source.settings.norm)
        )
        losses = {f"val_l_{name}": value for name, value in zip(names, regional.tolist())}
        annual = totals.sum(1).tolist()
        return losses | {f"val_NEE_{name}": value for name, value in zip(names, annual)}

    def _totals(self, nee: Tensor) -> Tensor:
        """Totals of Eq. 5, shape (region, month) [PgC month-1]."""
        return regional_totals(nee, self.footprint, self.weights)


def drawn_years(years: Sequence[int], n_held_out: int, seed: int) -> list[int]:
    """Draw the held-out years, once for all members, in ascending order."""
    rng = stream(seed, 0, HELD_OUT_YEARS)
    return sorted(int(year) for year in rng.choice(list(years), n_held_out, replace=False))
