"""Monthly totals of regions and the globe, from maps, from cells and from regional files."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS, petagrams_per_month, regional_sums
from fluxprod.core.time_axis import month_days

GLOBAL = "GLOBAL"
ROWS = (GLOBAL, *ABBREVIATIONS)


class Totals(NamedTuple):
    """Everything that the tables are made from.

    Attributes
    ----------
    mean : DataArray, dims (source, region, time) [PgC month-1]
        ``region`` is GLOBAL, with the land of no region, and the 18 regions.
    members : dict of DataArray, dims (member, region, time) [PgC month-1]
        Of the sources that are ensembles.
    """

    mean: xr.DataArray
    members: dict[str, xr.DataArray]


def with_globe(regional: xr.DataArray, unassigned: xr.DataArray) -> xr.DataArray:
    """Put the globe before the 18 regions.

    Parameters
    ----------
    regional : DataArray, dims (..., region, time)
    unassigned : DataArray, dims (..., time)
        Land of no region, in the same unit.

    Returns
    -------
    DataArray, dims (..., region, time), missing where any part is
    """
    regional = regional.transpose(..., "region", "time").assign_coords(region=list(ABBREVIATIONS))
    globe = regional.sum("region", skipna=False) + unassigned
    globe = globe.expand_dims(region=[GLOBAL]).transpose(*regional.dims)
    return xr.concat([globe, regional], "region")


def cell_totals(
    density: np.ndarray, land_area: np.ndarray, region: np.ndarray, months: pd.DatetimeIndex
) -> xr.DataArray:
    """Totals from cells.

    Parameters
    ----------
    density : ndarray, shape (cell, month) [g m-2 d-1]
        Per area of land; missing counts as no flux.
    land_area : ndarray, shape (cell,) [m2]
    region : ndarray of int, shape (cell,)
    months : DatetimeIndex

    Returns
    -------
    DataArray, dims (region, time) [PgC month-1]
    """
    flux = np.nan_to_num(np.asarray(density, dtype=float), nan=0.0)
    sums = regional_sums(petagrams_per_month(flux, land_area, month_days(months)), region)
    coords = {"region": [*ABBREVIATIONS, ""], "time": months}
    both = xr.DataArray(sums, dims=("region", "time"), coords=coords)
    return with_globe(both[:-1], both[-1].drop_vars("region"))


def map_totals(density: xr.DataArray, land_area: xr.DataArray, region: xr.DataArray):
    """Totals from a map, dims (time, lat, lon) [g m-2 d-1] to (region, time) [PgC month-1]."""
    flat = density.transpose("time", "lat", "lon").values.reshape(density.sizes["time"], -1).T
    months = pd.DatetimeIndex(density.time.values)
    return cell_totals(flat, land_area.values.ravel(), region.values.ravel(), months)


def member_totals(members: xr.DataArray, land_area: np.ndarray, region: np.ndarray) -> xr.DataArray:
    """Totals of each member, dims (member, cell, month) to (member, region, time)."""
    months = pd.DatetimeIndex(members.month.values)
    each = [
        cell_totals(
            members.isel(member=i).transpose("cell", "month").values, land_area, region, months
        )
        for i in range(members.sizes["member"])
    ]
    return xr.concat(each, "member")


def gathered(means: dict[str, xr.DataArray], members: dict[str, xr.DataArray]) -> Totals:
    """Stack the sources along a new first dimension, on the same months."""
    stacked = xr.concat(
        [part.reset_coords(drop=True) for part in means.values()],
        xr.DataArray(list(means), dims="source", name="source"),
        join="exact",
    )
    return Totals(stacked.transpose("source", "region", "time"), members)
