"""The adjusted members as a dataset: regional totals of each, and maps of their mean."""

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
MAP_STEPS = 512  # per g m-2 d-1: a power of two, so that 32 bits hold the map and deflate well


def _rounded(total: np.ndarray) -> np.ndarray:
    return np.round(total / TOTAL_STEP) * TOTAL_STEP


def summarise(
    members: Iterable[xr.DataArray], components: list[xr.DataArray], area: np.ndarray
) -> tuple[xr.Dataset, xr.DataArray]:
    """Adjust the members one by one, sum each over the regions, and average them.

    Parameters
    ----------
    members : iterable of DataArray, dims (time, lat, lon)
        Net biome exchange [g m-2 d-1 of the whole cell], with the coordinate ``member``.
    components : list of DataArray, dims (time, lat, lon)
        To be subtracted, in the same unit and on the same grid.
    area : ndarray, shape (19, lat, lon)
        As `regional.shared_area` gives it [m2].

    Returns
    -------
    Dataset
        ``NEE`` (member, region, time) and ``unassigned`` (member, time) [PgC month-1].
    DataArray, dims (time, lat, lon) [g m-2 d-1 of the whole cell]
        Mean of the members that cover a month.
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
    """Regional totals of a component, ``name`` (region, time) and its unassigned rest."""
    total = _rounded(monthly_totals(flux.fillna(0.0), area))
    return xr.Dataset(
        {
            name: (("region", "time"), total[:-1], TOTAL),
            f"{name}_unassigned": ("time", total[-1], TOTAL),
        },
        coords={"region": list(ABBREVIATIONS), "time": flux.time.values},
    )


def maps(mean: xr.DataArray, grid: Grid, cell: np.ndarray) -> xr.Dataset:
    """Mean of the members on the target grid.

    Parameters
    ----------
    mean : DataArray, dims (time, lat, lon)
        [g m-2 d-1 of the whole cell].
    grid : Grid
        Target.
    cell : ndarray of int
        Flat indices of the land cells.

    Returns
    -------
    Dataset
        ``NEE_map`` (lat, lon), the mean over all months by their lengths, and ``NEE_month``
        (time, cell), the months at land cells.
    """
    months = regrid(mean, grid)
    days = xr.DataArray(month_days(mean.time.values), dims="time", coords={"time": mean.time})
    whole = regrid(mean.weighted(days).mean("time"), grid)
    flat = months.values.reshape(months.sizes["time"], -1)[:, cell]
    return xr.Dataset(
        {
            "NEE_map": (("lat", "lon"), _packed(whole.values), DENSITY),
            "NEE_month": (("time", "cell"), _packed(flat), DENSITY),
        },
        coords={"lat": grid.lat, "lon": grid.lon, "time": mean.time, "cell": cell},
    )


def _packed(nee: np.ndarray) -> np.ndarray:
    return (np.round(nee * MAP_STEPS) / MAP_STEPS).astype(np.float32)
