"""Global NEE of FLUXCOM, daily or monthly, in one file per year."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.core.time_axis import MONTHS, daily_axis, monthly_axis
from fluxprod.readers.files.folder import matching
from fluxprod.readers.files.global_field import (
    check_plausible,
    checked_variable,
    opened_dataset,
    unit_factor,
)

NAME = re.compile(r"NEE\.RS.*\.(?P<kind>daily|monthly)\.(?P<year>\d{4})\.(?i:nc)")
# names of FLUXCOM-X-BASE, Nelson and Walther et al. 2024, doi 10.5194/bg-21-5079-2024
X_BASE = re.compile(
    r"NEE_\d{4}(-\d{4})?_\d{3}_(half)?(hourly|daily|monthly)(cycle)?\.(nc|zarr)(\.zip)?",
    re.IGNORECASE,
)
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
        yield _read_year(path, _axis(kind, year))


def check_headers(folder: Path, years: range) -> None:
    """Check the file of each year for variable, grid, unit and number of steps, but no values.

    Raises
    ------
    DataError
        As in `read_fluxcom`.
    """
    kind, files = _files(folder, years)
    for year, path in files.items():
        with _opened_year(path, _axis(kind, year)):
            pass


def _axis(kind: str, year: int) -> pd.DatetimeIndex:
    return daily_axis(year, year) if kind == "daily" else monthly_axis(year, year)


def _files(folder: Path, years: range) -> tuple[str, dict[int, Path]]:
    """Kind and files of the wanted years, daily if they are complete, else monthly."""
    matches = [
        (match, path) for path in matching(folder, "*.nc") if (match := NAME.fullmatch(path.name))
    ]
    for kind in ("daily", "monthly"):
        of_kind = [(int(m["year"]), path) for m, path in matches if m["kind"] == kind]
        wanted = [year for year, _ in of_kind if year in years]
        if sorted(wanted) == list(years):
            return kind, {year: path for year, path in sorted(of_kind) if year in years}
    if not matches:
        refuse_x_base(folder)
    found = [path.name for _, path in matches] or "none"
    raise DataError(folder, "FLUXCOM files", found, f"one for each of {years[0]} to {years[-1]}")


def refuse_x_base(folder: Path) -> None:
    """Refuse the later product X-BASE, on which the bridge has not been tested.

    Parameters
    ----------
    folder : Path
        Folder of FLUXCOM files.

    Raises
    ------
    DataError
        If the folder contains files of X-BASE.
    """
    found = [path.name for path in matching(folder, "NEE_*") if X_BASE.fullmatch(path.name)]
    if found:
        raise DataError(
            folder,
            "FLUXCOM files",
            f"{len(found)} of FLUXCOM-X-BASE, such as {found[0]}",
            "FLUXCOM RS+METEO, to which the bridge of cells and regions is fitted",
            "get NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-ERA5.720_360.daily.YYYY.nc (or monthly) from "
            "fluxcom.org",
        )


def _read_year(path: Path, axis: pd.DatetimeIndex) -> xr.DataArray:
    """Read a file; dates follow from the year in its name, as its time axis is unreliable."""
    with _opened_year(path, axis) as (native, factor):
        field = to_south_north(native)  # before the year is loaded, to avoid a copy of it
        values = field.values.astype(np.float32, copy=False)
        values *= np.float32(factor)
        coords = {"time": axis, "lat": field.lat.values, "lon": field.lon.values}
    _drop_fill(path, values)
    cube = xr.DataArray(values, dims=("time", "lat", "lon"), coords=coords, name=VARIABLE)
    return cube.assign_attrs(units="g m-2 d-1")


@contextmanager
def _opened_year(path: Path, axis: pd.DatetimeIndex) -> Iterator[tuple[xr.DataArray, float]]:
    """Open the checked variable of a file lazily, with the factor to our unit."""
    with opened_dataset(path, decode_times=False) as dataset:
        field = checked_variable(path, dataset, VARIABLE, ("time", "lat", "lon"))
        if field.sizes["time"] != len(axis):
            what = "months" if len(axis) == MONTHS else "days"
            raise DataError(path, "time", f"{field.sizes['time']} steps", f"{len(axis)} {what}")
        yield field, unit_factor(path, field, UNITS)


def _drop_fill(path: Path, values: np.ndarray) -> None:
    """Replace the fill value, declared or not, and cells that are always zero by NaN."""
    values[values == np.float32(FILL)] = np.nan
    check_plausible(path, VARIABLE, values, LARGEST, "g m-2 d-1")
    values[:, (values == 0.0).all(axis=0)] = np.nan
    if np.isnan(values).all():
        raise DataError(
            path, VARIABLE, "no data in any cell", "NEE on land", "check the fill value"
        )
