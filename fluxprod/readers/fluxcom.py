"""FLUXCOM NEE cubes, daily or monthly, one file a year."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.core.time_axis import MONTHS, daily_axis, monthly_axis
from fluxprod.readers.files.global_field import check_plausible, checked, factor, opened

NAME = re.compile(r"NEE\.RS.*\.(?P<kind>daily|monthly)\.(?P<year>\d{4})\.nc")
VARIABLE = "NEE"
UNITS = {"gcm-2d-1": 1.0, "gcm-2day-1": 1.0, "gc/m2/d": 1.0, "gc/m2/day": 1.0}  # to g m-2 d-1
FILL = -9999.0
LARGEST = 60.0  # g m-2 d-1


def read_fluxcom(folder: Path, years: range) -> xr.DataArray:
    """Read net ecosystem exchange of some years, daily where such files are there, else monthly.

    Parameters
    ----------
    folder : Path
        Folder of ``NEE.RS*.<daily|monthly>.<year>.nc``, one file a year.
    years : range
        All must be there.

    Returns
    -------
    DataArray of float32, dims (time, lat, lon)
        NEE [g m-2 d-1 of land], positive to the atmosphere, NaN where there is no data; south to
        north and -180 to 180.

    Raises
    ------
    DataError
        If a year, variable, unit or day is missing or other than expected.
    """
    return xr.concat(list(fluxcom_years(folder, years)), "time")


def fluxcom_years(folder: Path, years: range) -> Iterator[xr.DataArray]:
    """Read one year at a time, as ``read_fluxcom``."""
    kind, files = _files(folder, years)
    for year, path in files.items():
        axis = daily_axis(year, year) if kind == "daily" else monthly_axis(year, year)
        yield _read_year(path, axis)


def _files(folder: Path, years: range) -> tuple[str, dict[int, Path]]:
    """Daily files if they hold all years, else the monthly ones."""
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
    """Read a file whose dates follow from the year in its name: its time axis cannot be trusted."""
    with opened(path, decode_times=False) as dataset:
        field = checked(path, dataset, VARIABLE, ("time", "lat", "lon"))
        if field.sizes["time"] != len(axis):
            what = "months" if len(axis) == MONTHS else "days"
            raise DataError(path, "time", f"{field.sizes['time']} steps", f"{len(axis)} {what}")
        field = to_south_north(field)  # before a year is loaded: it is not copied again
        values = field.values.astype(np.float32, copy=False)
        values *= np.float32(factor(path, field, UNITS))
        coords = {"time": axis, "lat": field.lat.values, "lon": field.lon.values}
    _drop_fill(path, values)
    cube = xr.DataArray(values, dims=("time", "lat", "lon"), coords=coords, name=VARIABLE)
    return cube.assign_attrs(units="g m-2 d-1")


def _drop_fill(path: Path, values: np.ndarray) -> None:
    """Put NaN for the fill value, declared or not, and for cells that are zero at all times."""
    values[values == np.float32(FILL)] = np.nan
    check_plausible(path, VARIABLE, values, LARGEST, "g m-2 d-1")
    values[:, (values == 0.0).all(axis=0)] = np.nan
    if np.isnan(values).all():
        raise DataError(path, VARIABLE, "no data in any cell", "NEE on land", "check fill value")
