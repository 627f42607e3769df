"""Regional totals of the adjusted members of the ensemble, and maps of their mean."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from fluxprod.core.grid import Grid, regrid
from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.time_axis import month_days
from fluxprod.inversions.adjustment import adjusted
from fluxprod.inversions.regional import monthly_totals

TOTAL = {"units": "Pg month-1"}
DENSITY = {"units": "g m-2 d-1", "cell_methods": "area: mean (of the whole cell, sea included)"}
TOTAL_STEP = 1e-6  # Pg month-1
MAP_STEPS = 512  # per g m-2 d-1; multiples of a power of two are exact in float32 and deflate well


def _rounded(total: np.ndarray) -> np.ndarray:
    return np.round(total / TOTAL_STEP) * TOTAL_STEP


def summarise(
    members: Iterable[xr.DataArray], components: list[xr.DataArray], area: np.ndarray
) -> tuple[xr.Dataset, xr.DataArray]:
    """Adjust each member for the components, sum it over the regions, and average the members.

    Parameters
    ----------
    members : iterable of DataArray, dims (time, lat, lon)
        Net biome exchange of each member, with the coordinate ``member``; read one at a time
        [g m-2 d-1 of the whole cell].
    components : list of DataArray, dims (time, lat, lon)
        Fluxes to subtract, on the same grid [g m-2 d-1 of the whole cell].
    area : ndarray, shape (19, lat, lon)
        Result of `regional.shared_area` [m2].

    Returns
    -------
    Dataset
        ``NEE`` (member, region, time) and, for the cells outside all regions, ``unassigned``
        (member, time) [PgC month-1].
    DataArray, dims (time, lat, lon)
        Mean of the members that cover each month [g m-2 d-1 of the whole cell].
    """
    names, totals = [], []
    summed = count = xr.DataArray(0.0)
    for member in members:
        nee = adjusted(member.drop_vars("member"), *components)
        summed, count = summed + nee.fillna(0.0), count + nee.notnull().any(("lat", "lon"))
        names.append(str(member.member.values))
        totals.append(_rounded(monthly_totals(nee, area)))
    by_region = np.array(totals)
    regional = xr.Dataset(
        {
            "NEE": (("member", "region", "time"), by_region[:, :-1], TOTAL),
            "unassigned": (("member", "time"), by_region[:, -1], TOTAL),
        },
        coords={"member": names, "region": list(ABBREVIATIONS), "time": nee.time.values},
    )
    return regional, summed / count.where(count > 0)


def component_totals(name: str, flux: xr.DataArray, area: np.ndarray) -> xr.Dataset:
    """Sum a component over the regions.

    Parameters
    ----------
    name : str
        Name of the component, such as ``FIRE``.
    flux : DataArray, dims (time, lat, lon)
        Its flux, NaN at sea [g m-2 d-1 of the whole cell].
    area : ndarray, shape (19, lat, lon)
        Result of `regional.shared_area` [m2].

    Returns
    -------
    Dataset
        ``name`` (region, time) and ``<name>_unassigned`` (time) [PgC month-1].
    """
    total = _rounded(monthly_totals(flux.fillna(0.0), area))
    return xr.Dataset(
        {
            name: (("region", "time"), total[:-1], TOTAL),
            f"{name}_unassigned": ("time", total[-1], TOTAL),
        },
        coords={"region": list(ABBREVIATIONS), "time": flux.time.values},
    )


def maps(mean: xr.DataArray, grid: Grid, cell: np.ndarray) -> xr.Dataset:
    """Regrid the mean of the members to the target grid.

    Parameters
    ----------
    mean : DataArray, dims (time, lat, lon)
        Monthly mean of the members [g m-2 d-1 of the whole cell].
    grid : Grid
        Target grid.
    cell : ndarray of int, shape (cell,)
        Flat indices of the land cells in the target grid.

    Returns
    -------
    Dataset
        ``NEE_map`` (lat, lon), the mean over all months weighted by their lengths, and
        ``NEE_month`` (time, cell), the months at the land cells [g m-2 d-1 of the whole cell].
    """
    months = regrid(mean, grid)
    days = xr.DataArray(month_days(mean.time.values), dims="time", coords={"time": mean.time})
    period_mean = regrid(mean.weighted(days).mean("time"), grid)
    flat = months.values.reshape(months.sizes["time"], -1)[:, cell]
    return xr.Dataset(
        {
            "NEE_map": (("lat", "lon"), _packed(period_mean.values), DENSITY),
            "NEE_month": (("time", "cell"), _packed(flat), DENSITY),
        },
        coords={"lat": grid.lat, "lon": grid.lon, "time": mean.time, "cell": cell},
    )


def _packed(nee: np.ndarray) -> np.ndarray:
    return (np.round(nee * MAP_STEPS) / MAP_STEPS).astype(np.float32)
