"""What the tests of the vegetation need from its composites, gathered block by block."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.scores import Moments
from fluxprod.core.variables import VARIABLES
from fluxprod.drivers.vegetation_store import QUANTITIES, patch_rows
from fluxprod.plausibility.cell_map import CellMap
from fluxprod.plausibility.vegetation.group_series import GroupSeries
from fluxprod.plausibility.vegetation.groups import PatchGroups
from fluxprod.plausibility.vegetation.weather import composite_means, departure_sums

BLOCK = 512  # cells in memory at a time, two chunks of the stores
TEMPERATURES = ("LST_DAY", "LST_NIGHT")
WEATHER = 30.0  # degree of latitude, beyond which weather changes from week to week
AT_END = 1e-6  # [1] of the valid range; values this close to its end are at it


class QuantitySurvey(NamedTuple):
    """Sums over the patches of one quantity.

    Parameters
    ----------
    series : GroupSeries
        Values by group.
    mean : ndarray, shape (patch,)
        Mean of each patch; NaN without a value.
    values, at_end : ndarray, shape (composite,)
        Number of values, and of those at an end of the valid range.
    compared, same : ndarray, shape (composite,)
        Number of values whose patch has a value in the composite before, and of those that equal
        it.
    air : GroupSeries
        Air temperature [degC] of the same patches and days; empty unless the quantity is a surface
        temperature.
    weather : dict of (int, int) to Moments
        Sums over departures of surface and air from their seasons, by year and lag; empty unless
        the quantity is a surface temperature.
    """

    series: GroupSeries
    mean: np.ndarray
    values: np.ndarray
    at_end: np.ndarray
    compared: np.ndarray
    same: np.ndarray
    air: GroupSeries
    weather: dict[tuple[int, int], Moments]

    @classmethod
    def empty(cls, time: pd.DatetimeIndex, n_groups: int, n_patches: int) -> "QuantitySurvey":
        """Survey of no patch."""
        series, air = (GroupSeries.empty(time, n_groups) for _ in range(2))
        values, at_end, compared, same = np.zeros((4, len(time)))
        return cls(series, np.full(n_patches, np.nan), values, at_end, compared, same, air, {})

    def add(
        self, rows: slice, values: np.ndarray, weight: np.ndarray, valid: tuple[float, float]
    ) -> None:
        """Add consecutive patches.

        Parameters
        ----------
        rows : slice
            Their positions.
        values : ndarray, shape (patch, composite)
            Their values, NaN where missing.
        weight : ndarray, shape (group, patch)
            Area of each patch in its group, zero elsewhere.
        valid : (float, float)
            Valid range of the quantity.
        """
        known = np.isfinite(values)
        count, total = known.sum(axis=1), np.where(known, values, 0.0).sum(axis=1)
        self.mean[rows] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        self.series.add(values, weight)
        # zero is no fault: deserts and winters have no fAPAR for months
        counts, near = known & (values != 0.0), AT_END * (valid[1] - valid[0])
        self.values[:] += known.sum(axis=0)
        at_end = (values <= valid[0] + near) | (values >= valid[1] - near)
        self.at_end[:] += (counts & at_end).sum(axis=0)
        change = np.diff(values, axis=1, prepend=np.nan)
        self.compared[:] += (counts & np.isfinite(change)).sum(axis=0)
        self.same[:] += (counts & (change == 0.0)).sum(axis=0)

    def add_air(
        self, surface: np.ndarray, air: np.ndarray, weight: np.ndarray, windy: np.ndarray
    ) -> None:
        """Add the air over consecutive patches.

        Parameters
        ----------
        surface, air : ndarray, shape (patch, composite)
            Temperatures of the same days.
        weight : ndarray, shape (group, patch)
            Area of each patch in its group, zero elsewhere.
        windy : ndarray of bool, shape (patch,)
            Which patches have weather that changes from week to week.
        """
        air = np.where(np.isfinite(surface), air, np.nan)
        self.air.add(air, weight)
        for year, lag, sums in departure_sums(surface[windy], air[windy], self.series.time):
            before = self.weather.get((year, lag))
            self.weather[year, lag] = sums if before is None else before + sums


class VegetationSurvey(NamedTuple):
    """Groups of patches, and a survey of each quantity, by name."""

    groups: PatchGroups
    of: dict[str, QuantitySurvey]


def survey_vegetation(
    vegetation: xr.Dataset, climate: xr.Dataset, cells: CellMap, block: int = BLOCK
) -> VegetationSurvey:
    """Gather sums over the patches, reading a few cells at a time.

    Parameters
    ----------
    vegetation : Dataset, dims (patch, time_<product>)
        The seven quantities, in the units of `VARIABLES`, and cell, land cover and share of each
        patch, ordered by cell; may be opened lazily.
    climate : Dataset, dims (cell, time)
        ``TA`` [degC]; may be opened lazily.
    cells : CellMap
        Cells of the climate.
    block : int, optional
        Number of cells that are read at a time.

    Returns
    -------
    VegetationSurvey
        Sums by group, by patch and by composite.
    """
    row = np.searchsorted(cells.cell, vegetation.patch_cell.values)
    area = vegetation.patch_share.values * cells.area[row]
    groups = PatchGroups.of(vegetation.patch_pft.values, cells.lat[row], area)
    of = {
        name: QuantitySurvey.empty(_time(vegetation[name]), len(groups.names), len(row))
        for name in QUANTITIES
    }
    for first in range(0, len(cells.cell), block):
        here = slice(first, min(first + block, len(cells.cell)))
        rows = patch_rows(vegetation.patch_cell.values, cells.cell[here])
        part, weight = vegetation.isel(patch=rows), groups.weight[:, rows]
        values = {name: part[name].values.astype(float) for name in QUANTITIES}
        for name in QUANTITIES:
            of[name].add(rows, values[name], weight, VARIABLES[name].valid)
        daily = climate.TA.isel(cell=here).transpose("cell", "time").values.astype(float)
        windy = np.abs(cells.lat[row[rows]]) > WEATHER
        for name in TEMPERATURES:
            middle = of[name].series.time
            air = composite_means(daily, pd.DatetimeIndex(climate.time.values), middle)
            of[name].add_air(values[name], air[row[rows] - first], weight, windy)
    return VegetationSurvey(groups, of)


def _time(field: xr.DataArray) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(field[field.dims[1]].values)
