"""Subtraction of fires and rivers from inversion fluxes, cell by cell (Upton et al., 3.2).

Inversions see the net biome exchange, whereas towers see neither fires nor the carbon that rivers
carry away and release elsewhere. The file is already adjusted for fossil and cement emissions.
"""

import numpy as np
import pandas as pd
import xarray as xr


def fill_with_climatology(
    monthly: xr.DataArray, months: pd.DatetimeIndex
) -> tuple[xr.DataArray, np.ndarray]:
    """Select months and fill missing ones with the mean of that calendar month in other years.

    GFAS needs this because it starts in 2003, two years after the period of the paper.

    Parameters
    ----------
    monthly : DataArray, dims (time, ...)
        Whole years, dated on the first days of the months.
    months : DatetimeIndex
        First days of the requested months.

    Returns
    -------
    DataArray, dims (time, ...)
        Values for all of ``months``.
    ndarray of bool, shape (time,)
        Whether a month was filled from the climatology.
    """
    available = pd.DatetimeIndex(monthly.time.values)
    missing = ~months.isin(available)
    filled = monthly.reindex(time=months)
    for number in np.unique(months.month[missing]):
        climatology = monthly[available.month == number].mean("time")
        filled[missing & (months.month == number)] = climatology
    return filled, missing


def fill_missing_cells(flux: xr.DataArray) -> xr.DataArray:
    """Set missing cells to zero in months that have data; months without data stay NaN.

    Members leave out the sea, where the land flux is zero, but a month that a member does not
    cover must not be mistaken for a month without flux.

    Parameters
    ----------
    flux : DataArray, dims (time, lat, lon)
        Land flux of one member, in any unit.

    Returns
    -------
    DataArray, dims (time, lat, lon)
        The same flux, complete in all months that the member covers.
    """
    return flux.fillna(0.0).where(flux.notnull().any(("lat", "lon")))


def adjusted(flux: xr.DataArray, *components: xr.DataArray) -> xr.DataArray:
    """Subtract fires and rivers from the net biome exchange to obtain the NEE.

    Parameters
    ----------
    flux : DataArray, dims (time, lat, lon)
        Net biome exchange of one member [g m-2 d-1 of the whole cell], positive to the atmosphere.
    *components : DataArray, dims (time, lat, lon)
        Fires and rivers on the same grid, positive to the atmosphere [g m-2 d-1 of the whole cell].
        Missing cells count as zero, because both fields end at the coast.

    Returns
    -------
    DataArray of float64, dims (time, lat, lon)
        Net ecosystem exchange, NaN in months without data [g m-2 d-1 of the whole cell].

    Raises
    ------
    ValueError
        If a component has another grid or other months than the flux.
    """
    remaining = fill_missing_cells(flux.astype(float))
    for component in components:
        remaining = remaining - _aligned(component, flux).fillna(0.0)
    return remaining


def _aligned(component: xr.DataArray, flux: xr.DataArray) -> xr.DataArray:
    """Give a component the coordinates of the flux, if the two agree up to rounding.

    Xarray would otherwise drop the cells whose coordinates are not exactly equal.
    """
    for name in ("time", "lat", "lon"):
        ours, theirs = flux[name].values, component[name].values
        same = ours.shape == theirs.shape and (
            (ours == theirs).all() if name == "time" else np.allclose(ours, theirs, atol=1e-3)
        )
        if not same:
            raise ValueError(f"{component.name}: {name} differs from that of the inversions")
    return component.assign_coords(lat=flux.lat, lon=flux.lon)
