"""Lateral transport of carbon by rivers, as an adjustment of the land-atmosphere flux."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.core.time_axis import MONTHS, monthly_axis
from fluxprod.core.units import DAYS_PER_YEAR, PG
from fluxprod.readers.files.global_field import (
    check_plausible,
    checked_variable,
    opened_dataset,
    unique_dates,
    unit_factor,
)
from fluxprod.readers.files.only_file import only_file

PATTERN = "river_flux*.nc"
VARIABLE = "river_flux"
UNITS = {  # to g m-2 d-1
    "pgcm-2yr-1": PG / DAYS_PER_YEAR,
    "gcm-2yr-1": 1.0 / DAYS_PER_YEAR,
    "gcm-2d-1": 1.0,
}
LARGEST = 50.0  # g m-2 d-1


def read_rivers(folder: Path, years: range) -> xr.DataArray:
    """Read the river adjustment for all months of some years.

    Parameters
    ----------
    folder : Path
        Folder that contains one ``river_flux*.nc``, or the file itself. If it has twelve months,
        they are taken as a climatology.
    years : range
        Years to read.

    Returns
    -------
    DataArray, dims (time, lat, lon)
        Flux per area of the whole cell, positive to the atmosphere [g m-2 d-1]; south to north and
        -180 to 180.

    Raises
    ------
    DataError
        If a month, the variable or its unit is missing or not as expected.
    """
    path = only_file(folder, PATTERN, "river fluxes")
    months = monthly_axis(years[0], years[-1])
    with opened_dataset(path) as dataset:
        field = checked_variable(path, dataset, VARIABLE, ("time", "lat", "lon"))
        scale = unit_factor(path, field, UNITS)
        position = _positions(path, unique_dates(path, dataset), months)
        values = field.values.astype(np.float64) * scale
        check_plausible(path, VARIABLE, values, LARGEST, "g m-2 d-1")
        coords = {"time": months, "lat": field.lat.values, "lon": field.lon.values}
    flux = xr.DataArray(
        values[position].astype(np.float32),
        dims=("time", "lat", "lon"),
        coords=coords,
        name=VARIABLE,
        attrs={"units": "g m-2 d-1"},
    )
    return to_south_north(flux)


def _positions(path: Path, there: pd.DatetimeIndex, months: pd.DatetimeIndex) -> np.ndarray:
    """Position of each month in the file, by month of the year if it is a climatology."""
    if sorted(there.month) == list(range(1, MONTHS + 1)):
        order: np.ndarray = np.argsort(there.month)
        return order[months.month - 1]
    by_month = there.to_period("M")
    position = by_month.get_indexer(months.to_period("M")) if by_month.is_unique else np.array([-1])
    if (position < 0).any():
        found = f"{len(there)} months from {there.min():%Y-%m} to {there.max():%Y-%m}"
        expected = f"12, or each once from {months[0]:%Y-%m} to {months[-1]:%Y-%m}"
        raise DataError(path, "time", found, expected)
    return position
