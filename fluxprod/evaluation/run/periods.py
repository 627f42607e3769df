"""Annual totals and mean seasonal cycles of monthly series."""

import numpy as np
import xarray as xr

from fluxprod.core.time_axis import MONTHS


def _years_by_months(monthly: xr.DataArray) -> xr.DataArray:
    year = monthly.time.dt.year.values
    if monthly.sizes["time"] % MONTHS or monthly.time.dt.month.values[0] != 1:
        raise ValueError(f"{monthly.sizes['time']} months are not whole years")
    years = np.unique(year)
    folded = monthly.transpose(..., "time")
    values = folded.values.reshape(*folded.shape[:-1], len(years), MONTHS)
    dims = (*folded.dims[:-1], "year", "month")
    coords: dict = {d: folded[d] for d in folded.dims[:-1] if d in folded.coords}
    coords |= {"year": years, "month": np.arange(1, MONTHS + 1)}
    return xr.DataArray(values, dims=dims, coords=coords)


def annual(monthly: xr.DataArray) -> xr.DataArray:
    """Annual totals, dims (..., time) to (..., year); missing if any month is missing."""
    folded = _years_by_months(monthly)
    return folded.sum("month", skipna=False)


def seasonal_cycle(monthly: xr.DataArray) -> xr.DataArray:
    """Mean of each calendar month over the years, dims (..., time) to (..., month)."""
    folded = _years_by_months(monthly)
    return folded.mean("year")


def mean_annual(monthly: xr.DataArray) -> xr.DataArray:
    """Mean annual total over the years without gaps, dims (..., time) to (...)."""
    return annual(monthly).mean("year")


def spread(members: xr.DataArray) -> xr.DataArray:
    """Sample standard deviation across the members, missing ones left out."""
    return members.std("member", ddof=1)
