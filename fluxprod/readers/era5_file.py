"""ERA5 NetCDF files of both layouts of the Climate Data Store, hourly, daily and monthly.

The old layout (until 2024) has ``time`` and, in recent months, a dimension ``expver`` (1 ERA5,
5 ERA5T; each NaN where the other applies); the new one has ``valid_time``, a scalar ``number``
and ``expver`` as a coordinate. What an accumulated value covers is not in the file: an hour in
hourly files and in daily means of them, a day in daily sums and in monthly means.
Hersbach et al. 2020, doi 10.1002/qj.3803.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.grid import to_south_north
from fluxprod.units import (
    SECONDS_PER_DAY,
    kelvin_to_celsius,
    metres_to_millimetres,
)

VARIABLE_MAP = {
    "t2m": "TA",
    "2m_temperature": "TA",
    "tas": "TA",
    "ssrd": "SW_IN",
    "surface_solar_radiation_downwards": "SW_IN",
    "rsds": "SW_IN",
    "tp": "P",
    "total_precipitation": "P",
    "pr": "P",
}
UNITS = {"TA": "degC", "SW_IN": "W m-2", "P": "mm d-1"}
# no unit, fill value or broken byte of another size passes; packing leaves small negative rain
PLAUSIBLE = {"TA": (-100.0, 70.0), "SW_IN": (-10.0, 1600.0), "P": (-5.0, 20_000.0)}
# (ours, unit in the file): conversion of a value that covers ``period`` [s]
CONVERSIONS = {
    ("TA", "K"): lambda value, period: kelvin_to_celsius(value),
    ("TA", "degC"): lambda value, period: value,
    ("SW_IN", "J m-2"): lambda value, period: value / period,
    ("SW_IN", "W m-2"): lambda value, period: value,
    ("P", "m"): lambda value, period: metres_to_millimetres(value) * (SECONDS_PER_DAY / period),
    ("P", "kg m-2 s-1"): lambda value, period: value * SECONDS_PER_DAY,
}
ACCUMULATED = {"J m-2", "m"}
# what xarray and the NetCDF library make of broken files
BROKEN = (OSError, ValueError, RuntimeError, LookupError, TypeError, ArithmeticError)
COORDINATE_MAP = {"valid_time": "time", "latitude": "lat", "longitude": "lon"}
HOUR = 3600.0  # s

DAILY_FILE = re.compile(r"daily[-_](?P<statistic>mean|sum)")


def read_era5_file(path: Path, variables: Collection[str] = tuple(UNITS)) -> xr.Dataset:
    """Open a file and give what it holds in our names, units and order.

    Parameters
    ----------
    path : Path
        NetCDF of the Climate Data Store, or one with CF names (tas, rsds, pr).
    variables : collection of str
        Those to read, if they are there.

    Returns
    -------
    Dataset, dims (time, lat, lon), float32
        Those of ``TA`` [degC], ``SW_IN`` [W m-2] and ``P`` [mm d-1] that are there, at the steps
        of the file; south to north, -180 to 180. The attribute ``step`` is ``hour``, ``day`` or
        ``month``.

    Raises
    ------
    DataError
        If the file is unreadable, holds none of the variables, or a unit is unknown.
    """
    with open_era5(path) as native:
        step = time_step(path, native)
        found = {VARIABLE_MAP.get(str(name)): str(name) for name in native.data_vars}
        wanted = [name for name in UNITS if name in found and name in variables]
        if not wanted:
            raise DataError(path, "variables", list(native.data_vars), sorted(VARIABLE_MAP))
        fields = {name: _converted(path, name, native[found[name]], step) for name in wanted}
    dataset = xr.Dataset(fields, attrs={"step": step})
    return to_south_north(dataset) if "lat" in dataset.dims else dataset


@contextmanager
def open_era5(path: Path) -> Iterator[xr.Dataset]:
    """Open a file lazily with dimensions time, lat and lon, the two ERA5 streams merged.

    Raises
    ------
    DataError
        If it is no NetCDF file, breaks off, or has no time, lat or lon.
    """
    try:
        with path.open("rb") as file:
            if file.read(2) == b"PK":
                raise DataError(path, "file", "a zip archive", "NetCDF", "unzip it first")
        with xr.open_dataset(path, engine="netcdf4", decode_timedelta=False) as dataset:
            yield _normalised(path, dataset)
    except BROKEN as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(path, "file", f"unreadable ({text})", "NetCDF", "get it again") from error


def _normalised(path: Path, dataset: xr.Dataset) -> xr.Dataset:
    names = {old: new for old, new in COORDINATE_MAP.items() if old in dataset.variables}
    dataset = dataset.rename(names)
    for name in ("time", "lat", "lon"):
        if name not in dataset.coords:
            raise DataError(path, name, f"coordinates {list(dataset.coords)}", f"a {name}")
    return merge_streams(dataset).drop_vars(["number", "expver"], errors="ignore")


def merge_streams(dataset: xr.Dataset) -> xr.Dataset:
    """Where ``expver`` is a dimension, take ERA5 (1) and ERA5T (5) where that is missing."""
    if "expver" not in dataset.dims:
        return dataset
    dataset = dataset.sortby("expver")
    merged = dataset.isel(expver=0, drop=True)
    for stream in range(1, dataset.sizes["expver"]):
        merged = merged.fillna(dataset.isel(expver=stream, drop=True))
    return merged


def _converted(path: Path, ours: str, field: xr.DataArray, step: str) -> xr.DataArray:
    unit = str(field.attrs.get("units", "none")).replace("**", "")
    if (ours, unit) not in CONVERSIONS:
        known = [unit for name, unit in CONVERSIONS if name == ours]
        raise DataError(path, str(field.name), f"unit {unit!r}", f"one of {known}")
    period = _period(path, step) if unit in ACCUMULATED else np.nan
    values = CONVERSIONS[ours, unit](field.astype(np.float32), np.float32(period))
    values.attrs = {"units": UNITS[ours]}
    order = [dim for dim in ("time", "lat", "lon") if dim in field.dims]
    values = values.transpose(*order, ...).astype(np.float32).load()
    low, high = PLAUSIBLE[ours]
    least, most = float(values.min()), float(values.max())
    if least < low or most > high:
        found = f"{least:g} to {most:g} {UNITS[ours]}"
        raise DataError(
            path, str(field.name), found, f"{low:g} to {high:g}", "check its fill value"
        )
    return values


def _period(path: Path, step: str) -> float:
    """Time that an accumulated value covers [s]."""
    if step == "hour":
        return HOUR
    if step == "month":
        return SECONDS_PER_DAY
    match = DAILY_FILE.search(path.name)
    if match is None:
        raise DataError(
            path, "file name", path.name, "daily-mean or daily-sum in it", "name it as issued"
        )
    return HOUR if match["statistic"] == "mean" else SECONDS_PER_DAY


def time_step(path: Path, dataset: xr.Dataset) -> str:
    """Step of the time axis; one value alone is taken for a day if its file is a daily one."""
    time = pd.DatetimeIndex(np.atleast_1d(dataset.time.values))
    if len(time) == 1:
        return "day" if DAILY_FILE.search(path.name) else "month"
    hours = np.unique(np.diff(time.to_numpy()) / np.timedelta64(1, "h"))
    if (hours <= 0).any():
        raise DataError(path, "time", "stamps that repeat or fall", "rising stamps")
    for step, low, high in (("hour", 1, 1), ("day", 24, 24), ("month", 28 * 24, 31 * 24)):
        if low <= hours.min() and hours.max() <= high:
            return step
    raise DataError(path, "time", f"steps of {hours[:5]} h", "hours, days or months throughout")
