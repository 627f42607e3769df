"""CAMS GFAS fire emissions (``co2fire``), daily, as the FTP and both data stores issue them."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, regrid, to_south_north
from fluxprod.core.time_axis import daily_axis
from fluxprod.core.units import co2_rate_to_carbon_per_day
from fluxprod.readers.files.global_field import (
    NAMES,
    check_plausible,
    checked,
    factor,
    opened,
    stamps,
)
from fluxprod.readers.files.grib import is_grib, opened_grib
from fluxprod.readers.files.netcdf_source import NetcdfSource, located, sources_of

PATTERNS = ("*co2fire*.nc", "*co2fire*.grib", "*.zip")  # of the FTP, of the data store
VARIABLE = "co2fire"  # of CO2; cfire is carbon
DAYS_AT_ONCE = 4  # in memory: 0.1 GB of float32 at 0.1 degree
UNITS = {"kgm-2s-1": 1.0, "kg/m2/s": 1.0}  # to kg m-2 s-1
LARGEST = 1e-3  # kg m-2 s-1, daily mean of a cell
FIRST_YEAR = 2003  # of the record

Month = tuple[int, int]


def read_gfas_monthly(folder: Path, years: range, *, grid: Grid | None = None) -> xr.DataArray:
    """Read monthly mean fire emissions of the years that are there.

    Parameters
    ----------
    folder : Path
        Folder of daily ``*co2fire*.nc``, ``*co2fire*.grib`` or ``*.zip`` with such files, each
        with any number of days; longitudes 0 to 360 or -180 to 180, either order of latitudes.
    years : range
        Wanted; those before the record begins in 2003 are left out, all others must be whole.
    grid : Grid, optional
        Average each month onto it; by default the grid stays the file's.

    Returns
    -------
    DataArray, dims (time, lat, lon), float64
        Carbon [g m-2 d-1 of the whole cell], south to north and -180 to 180, on first days of
        months.

    Raises
    ------
    DataError
        If a variable, unit or day is missing, or values cannot be emissions.
    """
    parts = {}
    for month, mean in _monthly_means(check_days(folder, years), years):
        parts[month] = to_south_north(mean) if grid is None else regrid(mean, grid)
    months = pd.DatetimeIndex([f"{year}-{month:02}-01" for year, month in sorted(parts)])
    time = months.rename("time").as_unit("s")
    fire = xr.concat([parts[month] for month in sorted(parts)], time)
    fire.attrs["units"] = "g m-2 d-1"
    return co2_rate_to_carbon_per_day(fire).rename(VARIABLE)


def check_days(folder: Path, years: range) -> dict[NetcdfSource, pd.DatetimeIndex]:
    """Files with days of the years, and their days; only axes are read.

    Raises
    ------
    DataError
        If there is no file, or a day of the record is missing or there twice.
    """
    files = _files(folder, years)
    _check_years(folder, files, years)
    return files


@contextmanager
def _opened(source: NetcdfSource) -> Iterator[xr.Dataset]:
    """Open NetCDF or GRIB with its axes named time, lat and lon."""
    with located(source) as path:
        if is_grib(path):
            with opened_grib(path, "FIRE") as dataset:
                yield _named(dataset)
        else:
            with opened(path) as dataset:
                yield dataset


def _named(dataset: xr.Dataset) -> xr.Dataset:
    """Fields of GRIB with its axes named time, lat and lon."""
    dataset = dataset if "time" in dataset.dims else dataset.expand_dims("time")
    dataset = dataset.drop_vars("valid_time", errors="ignore")
    return dataset.rename({old: new for old, new in NAMES.items() if old in dataset.dims})


def _files(folder: Path, years: range) -> dict[NetcdfSource, pd.DatetimeIndex]:
    """Files that hold days of the years, and all their days."""
    found: dict[NetcdfSource, pd.DatetimeIndex] = {}
    paths = sorted({path for pattern in PATTERNS for path in folder.glob(pattern)})
    for source in [source for path in paths for source in sources_of(path)]:
        with _opened(source) as dataset:
            days = stamps(source.label, dataset).normalize()
        if np.isin(days.year, list(years)).any():
            found[source] = days
    if not found:
        expected = f"{' or '.join(PATTERNS)} with days of {years[0]} to {years[-1]}"
        raise DataError(folder, VARIABLE, "no such file", expected)
    return found


def _check_years(
    folder: Path, files: Mapping[NetcdfSource, pd.DatetimeIndex], years: range
) -> None:
    """Every year of the record is there wholly, and once."""
    days = pd.DatetimeIndex(np.concatenate([part.values for part in files.values()]))
    for year in [year for year in years if year >= FIRST_YEAR or year in days.year]:
        there = days[days.year == year]
        missing = daily_axis(year, year).difference(there)
        if len(missing) or not there.is_unique:
            twice = there[there.duplicated()]
            found = f"{missing[0]:%F} missing" if len(missing) else f"{twice[0]:%F} twice"
            raise DataError(folder, VARIABLE, found, f"each day of {year} once")


def _monthly_means(
    files: Mapping[NetcdfSource, pd.DatetimeIndex], years: range
) -> Iterator[tuple[Month, xr.DataArray]]:
    """Mean emissions [kg m-2 s-1] of each month as soon as all its days, of any file, are there."""
    sums: dict[Month, xr.DataArray] = {}
    counts: Counter[Month] = Counter()
    for source, days in files.items():
        for month, total in _month_sums(source, days, years):
            sums[month] = sums[month] + total if month in sums else total
            counts[month] += int(((days.year == month[0]) & (days.month == month[1])).sum())
            if counts[month] == monthrange(*month)[1]:
                yield month, sums.pop(month) / counts[month]


def _month_sums(
    source: NetcdfSource, days: pd.DatetimeIndex, years: range
) -> Iterator[tuple[Month, xr.DataArray]]:
    """Sum of the daily emissions [kg m-2 s-1] of each month in a file; a few days in memory."""
    path = source.label
    with _opened(source) as dataset:
        field = checked(path, dataset, VARIABLE, ("time", "lat", "lon"))
        scale = factor(path, field, UNITS)
        for month in sorted(set(zip(days.year, days.month, strict=True))):
            if month[0] in years:
                inside = np.flatnonzero((days.year == month[0]) & (days.month == month[1]))
                total = _sum(path, field, inside, scale)
                yield month, xr.DataArray(total, {"lat": field.lat, "lon": field.lon})


def _sum(path: Path, field: xr.DataArray, days: np.ndarray, scale: float) -> np.ndarray:
    """Sum over some days, one after the other, shape (lat, lon)."""
    step = float(field.encoding.get("scale_factor", 0.0))
    total = np.zeros(field.shape[1:])
    for start in range(0, len(days), DAYS_AT_ONCE):
        for day in field.isel(time=days[start : start + DAYS_AT_ONCE]).values:
            total += _emissions(path, day, step) * scale
    return total


def _emissions(path: Path, values: np.ndarray, step: float) -> np.ndarray:
    """Values of a day below one packing step are the packed form of no fire.

    Legacy files have no exact zero: "no fire" is their most frequent packed value, and most cells
    never burn.
    """
    values = values.astype(np.float64)
    values[np.abs(values) < step] = 0.0
    check_plausible(path, VARIABLE, values, LARGEST, "kg m-2 s-1")
    if not (values >= 0.0).all():
        found = "missing values" if np.isnan(values).any() else f"{values.min():g} kg m-2 s-1"
        raise DataError(path, VARIABLE, found, "emissions of at least 0 in every cell")
    if step and np.count_nonzero(values) > values.size / 2:
        found = f"fire in {np.count_nonzero(values)} of {values.size} cells"
        raise DataError(path, VARIABLE, found, "no fire in most", "check the packing")
    return values
