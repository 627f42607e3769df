"""Inversion fluxes less fires and rivers, at grid cell (Upton et al., 3.2).

Inversions see the net biome exchange; towers see neither fire nor the carbon that rivers carry
away and return elsewhere. Fossil and cement emissions are adjusted in the file already.
"""

import numpy as np
import pandas as pd
import xarray as xr


def for_all_months(
    monthly: xr.DataArray, months: pd.DatetimeIndex
) -> tuple[xr.DataArray, np.ndarray]:
    """Take a month where it is there, else the mean of the same calendar month of other years.

    GFAS starts in 2003, two years after the paper's period.

    Parameters
    ----------
    monthly : DataArray, dims (time, ...)
        Whole years, on first days of months.
    months : DatetimeIndex
        Wanted.

    Returns
    -------
    DataArray, dims (time, ...)
        On ``months``.
    ndarray of bool, shape (time,)
        Whether a month is the climatology.
    """
    there = pd.DatetimeIndex(monthly.time.values)
    missing = ~months.isin(there)
    filled = monthly.reindex(time=months)
    for number in np.unique(months.month[missing]):
        usual = monthly[there.month == number].mean("time")
        filled[missing & (months.month == number)] = usual
    return filled, missing


def whole_or_absent(flux: xr.DataArray) -> xr.DataArray:
    """Zero for missing cells of a month that has data; a month without any stays NaN.

    A member leaves out the sea, where the flux of land is nothing; but a month that it does not
    cover must never pass for a month without flux.

    Parameters
    ----------
    flux : DataArray, dims (time, lat, lon)

    Returns
    -------
    DataArray, dims (time, lat, lon)
    """
    return flux.fillna(0.0).where(flux.notnull().any(("lat", "lon")))


def adjusted(flux: xr.DataArray, *components: xr.DataArray) -> xr.DataArray:
    """Net ecosystem exchange: the flux less what is not of the ecosystem.

    Parameters
    ----------
    flux : DataArray, dims (time, lat, lon)
        Net biome exchange of one member [g m-2 d-1 of the whole cell], positive to the atmosphere.
    components : DataArray, dims (time, lat, lon)
        Fires, rivers [g m-2 d-1 of the whole cell], positive to the atmosphere, on the same grid.
        Missing cells carry none: both fields end at the coast.

    Returns
    -------
    DataArray, dims (time, lat, lon), float64
        NaN in months without data.
    """
    remaining = whole_or_absent(flux.astype(float))
    for part in components:
        remaining = remaining - _on(flux, part).fillna(0.0)
    return remaining


def _on(flux: xr.DataArray, part: xr.DataArray) -> xr.DataArray:
    """Replace coordinates that agree to rounding by the flux's own; an inner join would drop them.

    Raises
    ------
    ValueError
        If grid or months differ.
    """
    for name in ("time", "lat", "lon"):
        ours, theirs = flux[name].values, part[name].values
        same = ours.shape == theirs.shape and (
            (ours == theirs).all() if name == "time" else np.allclose(ours, theirs, atol=1e-3)
        )
        if not same:
            raise ValueError(f"{part.name}: {name} differs from that of the inversions")
    return part.assign_coords(lat=flux.lat, lon=flux.lon)
