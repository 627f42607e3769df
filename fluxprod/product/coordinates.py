"""Coordinates of the product files, their bounds and the coordinate reference system."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import EARTH_RADIUS, edges

AXES = {
    "time": {
        "standard_name": "time",
        "long_name": "middle of the averaging period (UTC)",
        "axis": "T",
        "bounds": "time_bnds",
        # the meteorological days behind the fluxes have 86,400 s each
        "units_metadata": "leap_seconds: none",
    },
    "lat": {
        "standard_name": "latitude",
        "long_name": "latitude of the cell centre",
        "units": "degrees_north",
        "axis": "Y",
        "bounds": "lat_bnds",
    },
    "lon": {
        "standard_name": "longitude",
        "long_name": "longitude of the cell centre",
        "units": "degrees_east",
        "axis": "X",
        "bounds": "lon_bnds",
    },
}
CRS = {
    "grid_mapping_name": "latitude_longitude",
    "long_name": "coordinate reference system: a sphere of the area of the Earth",
    "earth_radius": EARTH_RADIUS,
    "longitude_of_prime_meridian": 0.0,
}


def day_bounds(days: pd.DatetimeIndex) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Start and end of each day."""
    return days, days + pd.Timedelta(days=1)


def month_bounds(months: pd.DatetimeIndex) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Start and end of each month, given its first day."""
    return months, months + pd.offsets.MonthBegin(1)


def year_bounds(years: pd.DatetimeIndex) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Start and end of each year, given its first day."""
    return years, years + pd.offsets.YearBegin(1)


def with_times(fields: xr.Dataset, bounds: tuple[pd.DatetimeIndex, pd.DatetimeIndex]) -> xr.Dataset:
    """Add ``time_bnds`` and set the time to the middle of its bounds.

    Parameters
    ----------
    fields : Dataset, dims (time, ...)
        Fields without bounds of time.
    bounds : (DatetimeIndex, DatetimeIndex)
        Start and end of each time step.

    Returns
    -------
    Dataset
        The fields with their time described.
    """
    begin, end = bounds
    fields = fields.assign_coords(time=begin + (end - begin) / 2)
    fields["time"].attrs = dict(AXES["time"])
    fields["time_bnds"] = (("time", "bnds"), np.stack([begin, end], axis=1))
    return fields


def with_map(fields: xr.Dataset) -> xr.Dataset:
    """Describe ``lat`` and ``lon``, and add ``lat_bnds``, ``lon_bnds`` and ``crs``."""
    fields = fields.copy()
    for name in ("lat", "lon"):
        fields[name].attrs = dict(AXES[name])
        side = edges(fields[name].values)
        fields[f"{name}_bnds"] = ((name, "bnds"), np.stack([side[:-1], side[1:]], axis=1))
    fields["crs"] = ((), np.int32(0), CRS)
    return fields
