"""Monthly fluxes and mean seasonal cycles of land cells, from data read one year at a time."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.bridge.seasonal_cycle import cycle_sums, is_daily, mean_cycle
from fluxprod.core.grid import Grid, regrid
from fluxprod.core.regions import ABBREVIATIONS, petagrams_per_month, regional_sums
from fluxprod.core.time_axis import month_days, monthly_means

PACKING = 512  # steps per g m-2 d-1; a power of two is exact in 32 bits and compresses well


def on_land_cells(cube: xr.DataArray, grid: Grid, cell: np.ndarray) -> np.ndarray:
    """Values of a field at land cells of the target grid.

    Parameters
    ----------
    cube : DataArray, dims (time, lat, lon)
        Field from south to north and from -180 to 180; regridded if it is on another grid.
    grid : Grid
        Target grid.
    cell : ndarray of int, shape (cell,)
        Flat indices of the land cells in the target grid.

    Returns
    -------
    ndarray, shape (cell, time)
        Values in the unit of the field.
    """
    same = cube.shape[1:] == grid.shape and np.allclose(cube.lat, grid.lat, atol=1e-3)
    cube = (cube if same else regrid(cube, grid)).transpose("time", "lat", "lon")
    flat = cube.values.reshape(cube.sizes["time"], -1)
    return np.ascontiguousarray(flat[:, cell].T, dtype=float)


def cell_fluxes(cubes: Iterable[xr.DataArray], grid: Grid, land: xr.Dataset) -> xr.Dataset:
    """Reduce gridded fluxes to the monthly means and seasonal cycles that the bridge uses.

    Parameters
    ----------
    cubes : iterable of DataArray, dims (time, lat, lon)
        Daily or monthly NEE of consecutive years [g m-2 d-1].
    grid : Grid
        Target grid.
    land : Dataset
        Land cells: ``cell_region``, ``land_area`` [m2], ``cell_lat``, ``cell_lon``.

    Returns
    -------
    Dataset
        The variables of ``land``, and ``NEE_month`` (cell, time) and ``cycle`` (cell, step)
        [g m-2 d-1]. Both are NaN in cells with a gap on any date, and in cells that are zero on
        all dates, which is how FLUXCOM marks missing data.
    """
    months, sums, starts = [], [], []
    for cube in cubes:
        time = pd.DatetimeIndex(cube.time.values)
        nee = on_land_cells(cube, grid, land.cell.values)
        months.append(monthly_means(nee, time) if is_daily(time) else nee)
        sums.append(cycle_sums(nee, time))
        starts.append(time.values.astype("M8[M]"))
    monthly = np.concatenate(months, axis=1)
    known = np.isfinite(monthly).all(axis=1) & (monthly != 0).any(axis=1)
    fields = land[["cell_region", "land_area", "cell_lat", "cell_lon"]]
    return fields.drop_vars(["lat", "lon"], errors="ignore").assign(
        NEE_month=(("cell", "time"), np.where(known[:, None], monthly, np.nan)),
        cycle=(("cell", "step"), np.where(known[:, None], mean_cycle(sums), np.nan)),
        time=np.unique(np.concatenate(starts)).astype("M8[s]"),
    )


def cells_with_data(fluxes: xr.Dataset, region: int | None = None) -> np.ndarray:
    """Positions of the cells with data, int (cell,), in one region or in all."""
    known = np.isfinite(fluxes.NEE_month.values[:, 0])
    inside = True if region is None else fluxes.cell_region.values == region
    return np.flatnonzero(known & inside)


def fluxcom_totals(fluxes: xr.Dataset) -> xr.Dataset:
    """Monthly totals of the regions, and the mean of each cell over the whole period.

    Parameters
    ----------
    fluxes : Dataset
        As returned by `cell_fluxes`.

    Returns
    -------
    Dataset
        ``NEE`` (region, time) and ``unassigned`` (time), which add up to the global total
        [PgC month-1]; ``NEE_month`` (cell, time) and ``NEE_mean`` (cell), NaN in cells without
        data [g m-2 d-1].
    """
    days = month_days(fluxes.time.values)
    nee = fluxes.NEE_month.values
    amount = petagrams_per_month(np.nan_to_num(nee), fluxes.land_area.values, days)
    total = regional_sums(amount, fluxes.cell_region.values)
    mean = (nee * days).sum(axis=1) / days.sum()
    density = {"units": "g m-2 d-1"}
    return xr.Dataset(
        {
            "NEE": (("region", "time"), total[:-1], {"units": "Pg month-1"}),
            "unassigned": ("time", total[-1], {"units": "Pg month-1"}),
            "NEE_month": (("cell", "time"), _packed(nee), density),
            "NEE_mean": ("cell", mean, density),
        },
        coords={"region": list(ABBREVIATIONS), "time": fluxes.time, "cell": fluxes.cell},
        attrs={"title": "FLUXCOM NEE: regional totals of carbon and monthly means of land cells"},
    )


def _packed(nee: np.ndarray) -> np.ndarray:
    return (np.round(nee * PACKING) / PACKING).astype(np.float32)
