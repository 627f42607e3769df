"""Global NEE of FLUXCOM, daily or monthly, in one file per year."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.core.time_axis import MONTHS, daily_axis, monthly_axis
from fluxprod.readers.files.global_field import (
    check_plausible,
    checked_variable,
    opened_dataset,
    unit_factor,
)

NAME = re.compile(r"NEE\.RS.*\.(?P<kind>daily|monthly)\.(?P<year>\d{4})\.nc")
VARIABLE = "NEE"
UNITS = {"gcm-2d-1": 1.0, "gcm-2day-1": 1.0, "gc/m2/d": 1.0, "gc/m2/day": 1.0}  # to g m-2 d-1
FILL = -9999.0
LARGEST = 60.0  # g m-2 d-1


def read_fluxcom(folder: Path, years: range) -> xr.DataArray:
    """Read net ecosystem exchange, from daily files if all years have one, else from monthly ones.

    Parameters
    ----------
    folder : Path
        Folder with ``NEE.RS*.<daily|monthly>.<year>.nc``, one file per year.
    years : range
        Years to read; all must be present.

    Returns
    -------
    DataArray, dims (time, lat, lon), float32
        NEE per area of land, positive to the atmosphere, NaN where there are no data
        [g m-2 d-1]; south to north and -180 to 180.

    Raises
    ------
    DataError
        If a year, the variable, its unit or a day is missing or not as expected.
    """
    return xr.concat(list(fluxcom_years(folder, years)), "time")


def fluxcom_years(folder: Path, years: range) -> Iterator[xr.DataArray]:
    """Read one year at a time; see `read_fluxcom`."""
    kind, files = _files(folder, years)
    for year, path in files.items():
        axis = daily_axis(year, year) if kind == "daily" else monthly_axis(year, year)
        yield _read_year(path, axis)


def _files(folder: Path, years: range) -> tuple[str, dict[int, Path]]:
    """Kind and files of the wanted years, daily if they are complete, else monthly."""
    matches = [
        (match, path)
        for path in sorted(folder.glob("*.nc"))
        if (match := NAME.fullmatch(path.name))
    ]
    for kind in ("daily", "monthly"):
        of_kind = [(int(m["year"]), path) for m, path in matches if m["kind"] == kind]
        wanted = [year for year, _ in of_kind if year in years]
        if sorted(wanted) == list(years):
            return kind, {year: path for year, path in sorted(of_kind) if year in years}
    found = [path.name for _, path in matches] or "none"
    raise DataError(folder, "FLUXCOM files", found, f"one for each of {years[0]} to {years[-1]}")


def _read_year(path: Path, axis: pd.DatetimeIndex) -> xr.DataArray:
    """Read a file; dates follow from the year in its name, as its time axis is unreliable."""
    with opened_dataset(path, decode_times=False) as dataset:
        field = checked_variable(path, dataset, VARIABLE, ("time", "lat", "lon"))
        if field.sizes["time"] != len(axis):
            what = "months" if len(axis) == MONTHS else "days"
            raise DataError(path, "time", f"{field.sizes['time']} steps", f"{len(axis)} {what}")
        field = to_south_north(field)  # before the year is loaded, to avoid a copy of it
        values = field.values.astype(np.float32, copy=False)
        values *= np.float32(unit_factor(path, field, UNITS))
        coords = {"time": axis, "lat": field.lat.values, "lon": field.lon.values}
    _drop_fill(path, values)
    cube = xr.DataArray(values, dims=("time", "lat", "lon"), coords=coords, name=VARIABLE)
    return cube.assign_attrs(units="g m-2 d-1")


def _drop_fill(path: Path, values: np.ndarray) -> None:
    """Replace the fill value, declared or not, and cells that are always zero by NaN."""
    values[values == np.float32(FILL)] = np.nan
    check_plausible(path, VARIABLE, values, LARGEST, "g m-2 d-1")
    values[:, (values == 0.0).all(axis=0)] = np.nan
    if np.isnan(values).all():
        raise DataError(
            path, VARIABLE, "no data in any cell", "NEE on land", "check the fill value"
        )
