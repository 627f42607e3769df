"""Monthly totals of regions and the globe, from maps, cells and regional files."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS, petagrams_per_month, regional_sums
from fluxprod.core.time_axis import month_days

GLOBAL = "GLOBAL"
ROWS = (GLOBAL, *ABBREVIATIONS)


class Totals(NamedTuple):
    """Monthly totals from which the tables are computed.

    Attributes
    ----------
    mean : DataArray, dims (source, region, time)
        Totals [PgC month-1]; ``region`` is GLOBAL, which includes land outside the regions, and
        the 18 regions.
    members : dict of DataArray, dims (member, region, time)
        Totals of the members of each source that is an ensemble [PgC month-1].
    """

    mean: xr.DataArray
    members: dict[str, xr.DataArray]


def with_globe(regional: xr.DataArray, unassigned: xr.DataArray) -> xr.DataArray:
    """Add the globe in front of the 18 regions.

    Parameters
    ----------
    regional : DataArray, dims (..., region, time)
        Totals of the 18 regions.
    unassigned : DataArray, dims (..., time)
        Land outside the regions, in the same unit.

    Returns
    -------
    DataArray, dims (..., region, time)
        The globe is missing where any of its parts is missing.
    """
    regional = regional.transpose(..., "region", "time").assign_coords(region=list(ABBREVIATIONS))
    globe = regional.sum("region", skipna=False) + unassigned
    globe = globe.expand_dims(region=[GLOBAL]).transpose(*regional.dims)
    return xr.concat([globe, regional], "region")


def cell_totals(
    density: np.ndarray, land_area: np.ndarray, region: np.ndarray, months: pd.DatetimeIndex
) -> xr.DataArray:
    """Sum the fluxes of cells to totals of regions and the globe.

    Parameters
    ----------
    density : ndarray, shape (cell, month)
        NEE per area of land; missing values count as zero [g m-2 d-1].
    land_area : ndarray, shape (cell,)
        [m2].
    region : ndarray of int, shape (cell,)
        Index of the region, -1 outside the regions.
    months : DatetimeIndex
        First day of each month.

    Returns
    -------
    DataArray, dims (region, time)
        [PgC month-1].
    """
    flux = np.nan_to_num(np.asarray(density, dtype=float), nan=0.0)
    sums = regional_sums(petagrams_per_month(flux, land_area, month_days(months)), region)
    coords = {"region": [*ABBREVIATIONS, ""], "time": months}
    both = xr.DataArray(sums, dims=("region", "time"), coords=coords)
    return with_globe(both[:-1], both[-1].drop_vars("region"))


def map_totals(
    density: xr.DataArray, land_area: xr.DataArray, region: xr.DataArray
) -> xr.DataArray:
    """Sum a map, dims (time, lat, lon) [g m-2 d-1], to totals (region, time) [PgC month-1]."""
    flat = density.transpose("time", "lat", "lon").values.reshape(density.sizes["time"], -1).T
    months = pd.DatetimeIndex(density.time.values)
    return cell_totals(flat, land_area.values.ravel(), region.values.ravel(), months)


def member_totals(members: xr.DataArray, land_area: np.ndarray, region: np.ndarray) -> xr.DataArray:
    """Sum each member, dims (member, cell, month), to totals (member, region, time)."""
    months = pd.DatetimeIndex(members.month.values)
    each = [
        cell_totals(
            members.isel(member=i).transpose("cell", "month").values, land_area, region, months
        )
        for i in range(members.sizes["member"])
    ]
    return xr.concat(each, "member")


def gathered(means: dict[str, xr.DataArray], members: dict[str, xr.DataArray]) -> Totals:
    """Stack the sources along a new first dimension; their months must be the same."""
    stacked = xr.concat(
        [part.reset_coords(drop=True) for part in means.values()],
        xr.DataArray(list(means), dims="source", name="source"),
        join="exact",
    )
    return Totals(stacked.transpose("source", "region", "time"), members)
