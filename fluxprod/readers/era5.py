"""Daily ERA5 on UTC days, from hourly files or daily statistics, whichever a folder holds."""

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.readers.era5_file import (
    DAILY_FILE,
    VARIABLE_MAP,
    open_era5,
    read_era5_file,
    time_step,
)
from fluxprod.time_axis import daily_axis

INSTANTANEOUS = {"TA"}  # the others are accumulated over the hour that ends at the stamp
HOURS_PER_DAY = 24
FILE_YEAR = re.compile(r"_(?P<year>(19|20)\d{2})\.nc$")


def read_era5_daily(folder: Path, variable: str, years: Iterable[int]) -> xr.DataArray:
    """Read daily values of one variable from all files of a folder.

    Parameters
    ----------
    folder : Path
        Holds files of any names; those of daily statistics must carry ``daily-mean`` or
        ``daily-sum`` in theirs, as the store names them.
    variable : str
        ``TA``, ``SW_IN`` or ``P``.
    years : iterable of int
        Whole years.

    Returns
    -------
    DataArray, dims (time, lat, lon), float32
        [degC], [W m-2] or [mm d-1] by UTC day, south to north and -180 to 180.

    Raises
    ------
    DataError
        If a day is missing, comes twice, or holds no value at all.
    """
    years = sorted(years)
    paths = [path for path in sorted(folder.glob("**/*.nc")) if may_hold(path, variable, years)]
    found = [part for path in paths if (part := _daily_piece(path, variable)) is not None]
    if not found:
        raise DataError(folder, variable, f"no daily file among {len(paths)}", f"years {years}")
    pieces = [daily for daily, _ in found] + _days_across_files(folder, variable, found)
    field = xr.concat(pieces, "time", join="exact") if len(pieces) > 1 else pieces[0]
    field = field.sortby("time")
    wanted = daily_axis(years[0], years[-1])
    wanted = wanted[np.isin(wanted.year, years)]
    field = field.isel(time=np.isin(field.time.values, wanted.values))
    _check_days(folder, variable, pd.DatetimeIndex(field.time.values), wanted)
    _check_empty(folder, variable, field)
    return field


def may_hold(path: Path, variable: str, years: list[int]) -> bool:
    """Whether a file has to be opened; names of daily files give variable and year."""
    if not DAILY_FILE.search(path.name):
        return True
    names = [native for native in VARIABLE_MAP if path.name.startswith(f"{native}_")]
    year = FILE_YEAR.search(path.name)
    other_variable = bool(names) and VARIABLE_MAP[names[0]] != variable
    return not other_variable and not (year and int(year["year"]) not in years)


def _daily_piece(path: Path, variable: str) -> tuple[xr.DataArray, xr.DataArray] | None:
    """Daily values of a file, and hours of days that it breaks off; None if it has neither."""
    with open_era5(path) as native:
        held = {VARIABLE_MAP[str(name)] for name in native.data_vars if name in VARIABLE_MAP}
        mapped = {"lat", "lon"} <= set(native.dims)
        if variable not in held or not mapped or time_step(path, native) == "month":
            return None
    dataset = read_era5_file(path, {variable})
    field = dataset[variable]
    if dataset.attrs["step"] == "hour":
        ends_at_stamp = variable not in INSTANTANEOUS
        rest = hours_of_broken_days(field, ends_at_stamp=ends_at_stamp)
        return daily_means(field, ends_at_stamp=ends_at_stamp), rest
    return field.assign_coords(time=field.time.dt.floor("D")), field.isel(time=slice(0))


def _days_across_files(
    folder: Path, variable: str, found: list[tuple[xr.DataArray, xr.DataArray]]
) -> list[xr.DataArray]:
    """Days whose hours are in two files, as 31 December of accumulations in yearly ones."""
    rest = [hours for _, hours in found if hours.sizes["time"]]
    if len(rest) < 2:
        return []
    hours = xr.concat(rest, "time", join="exact").sortby("time")
    stamps = pd.DatetimeIndex(hours.time.values)
    if stamps.has_duplicates:
        twice = stamps[stamps.duplicated()][0]
        raise DataError(folder, variable, f"{twice:%F %H:%M} more than once", "each hour once")
    return [daily_means(hours, ends_at_stamp=variable not in INSTANTANEOUS)]


def hours_of_broken_days(hourly: xr.DataArray, *, ends_at_stamp: bool) -> xr.DataArray:
    """Hours of the days that ``daily_means`` leaves out; arguments as there."""
    day = _day_of(hourly, ends_at_stamp)
    days, count = np.unique(day, return_counts=True)
    return hourly.isel(time=np.isin(day, days[count != HOURS_PER_DAY]))


def _day_of(hourly: xr.DataArray, ends_at_stamp: bool) -> np.ndarray:
    shift = np.timedelta64(1, "h") if ends_at_stamp else np.timedelta64(0, "h")
    return (hourly.time - shift).dt.floor("D").values


def daily_means(hourly: xr.DataArray, *, ends_at_stamp: bool) -> xr.DataArray:
    """Means over whole UTC days; days that lack an hour are left out.

    Parameters
    ----------
    hourly : DataArray, dims (time, ...)
        Instantaneous values, or means over the hour that ends at the stamp.
    ends_at_stamp : bool
        Whether it is the latter: then 00 UTC belongs to the day before, so day d is made of
        01 to 23 UTC of d and 00 UTC of d + 1.

    Returns
    -------
    DataArray, dims (time, ...)
    """
    day = _day_of(hourly, ends_at_stamp)
    first, start, count = np.unique(day, return_index=True, return_counts=True)
    sums = np.add.reduceat(hourly.values, start, axis=0)
    whole_day = count == HOURS_PER_DAY
    means = (sums / HOURS_PER_DAY)[whole_day].astype(hourly.dtype)
    return xr.DataArray(
        means,
        dims=hourly.dims,
        coords={**hourly.drop_vars("time").coords, "time": first[whole_day].astype("M8[s]")},
        name=hourly.name,
        attrs=hourly.attrs,
    )


def _check_days(
    folder: Path, variable: str, found: pd.DatetimeIndex, wanted: pd.DatetimeIndex
) -> None:
    if found.has_duplicates:
        day = found[found.duplicated()][0]
        raise DataError(folder, variable, f"{day:%F} more than once", "each day once")
    missing = wanted.difference(found)
    if len(missing):
        raise DataError(
            folder,
            variable,
            f"{len(missing)} of {len(wanted)} days missing, first {missing[0]:%F}",
            f"{wanted[0]:%F} to {wanted[-1]:%F}",
            "the last day of hourly accumulations needs 00 UTC of the next",
        )


def _check_empty(folder: Path, variable: str, field: xr.DataArray) -> None:
    """Archives have had days without a single value (arco-era5, issues 62 and 105)."""
    for day, values in zip(field.time.values, field.values, strict=True):
        if np.isnan(values).all():
            raise DataError(folder, variable, f"no value on {pd.Timestamp(day):%F}", "a full map")
