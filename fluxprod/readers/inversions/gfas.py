"""Daily fire emissions of CAMS GFAS (``co2fire``), as issued by FTP and by both data stores."""

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
from fluxprod.readers.files.folder import matching
from fluxprod.readers.files.global_field import (
    UNEQUAL,
    check_plausible,
    checked_variable,
    unit_factor,
)
from fluxprod.readers.files.grib import is_grib, opened_grib
from fluxprod.readers.files.netcdf import opened_netcdf
from fluxprod.readers.files.netcdf_source import NetcdfSource, located, sources_of
from fluxprod.readers.inversions.gfas_days import (
    Stamps,
    covered_days,
    read_stamps,
    with_our_axes,
)

PATTERNS = ("*co2fire*.nc", "*co2fire*.grib", "*.zip")  # zip from the data store
VARIABLE = "co2fire"  # in mass of CO2; cfire is in mass of carbon
DAYS_AT_ONCE = 4  # in memory; 0.1 GB of float32 at 0.1 degree
UNITS = {"kgm-2s-1": 1.0, "kg/m2/s": 1.0}  # to kg m-2 s-1
LARGEST = 1e-3  # kg m-2 s-1, daily mean of a cell
FIRST_YEAR = 2003  # start of the record
DECIMALS = 4  # of a degree; float32 rounds the fifth

Month = tuple[int, int]


def read_gfas_monthly(folder: Path, years: range, *, grid: Grid | None = None) -> xr.DataArray:
    """Read monthly mean fire emissions.

    Parameters
    ----------
    folder : Path
        Folder with daily ``*co2fire*.nc``, ``*co2fire*.grib`` or ``*.zip`` with such files, each
        with any number of days; longitudes 0 to 360 or -180 to 180, latitudes in either order.
    years : range
        Years to read. Those before the start of the record in 2003 may be missing and are then left
        out; all others must be complete.
    grid : Grid, optional
        Grid onto which each month is averaged; by default that of the file.

    Returns
    -------
    DataArray, dims (time, lat, lon), float64
        Emission of carbon per area of the whole cell [g m-2 d-1], south to north and -180 to 180;
        months are dated by their first days.

    Raises
    ------
    DataError
        If the variable, its unit or a day is missing, a value cannot be an emission, or files of
        one month (or any files, without ``grid``) are on different grids.
    """
    parts = {}
    for month, mean in _monthly_means(check_days(folder, years), years):
        if grid is not None:
            parts[month] = regrid(mean, grid)
            continue
        first = next(iter(parts.values()), to_south_north(mean))
        parts[month] = _on_axes_of(folder, first, mean)
    months = pd.DatetimeIndex([f"{year}-{month:02}-01" for year, month in sorted(parts)])
    time = months.rename("time").as_unit("s")
    fire = xr.concat([parts[month] for month in sorted(parts)], time)
    fire.attrs["units"] = "g m-2 d-1"
    carbon: xr.DataArray = co2_rate_to_carbon_per_day(fire)
    return carbon.rename(VARIABLE)


def check_days(folder: Path, years: range) -> dict[NetcdfSource, pd.DatetimeIndex]:
    """Find the files with days of the years; only their time axes are read.

    Parameters
    ----------
    folder : Path
        As in `read_gfas_monthly`.
    years : range
        As in `read_gfas_monthly`.

    Returns
    -------
    dict of NetcdfSource to DatetimeIndex
        All days in each file.

    Raises
    ------
    DataError
        If there is no file, or a day of the record is missing or occurs twice.
    """
    files = _files(folder, years)
    _check_years(folder, files, years)
    return files


def check_headers(folder: Path, years: range) -> None:
    """Check days, variable, grid and unit of the files with days of the years, but no values.

    Parameters
    ----------
    folder : Path
        As in `read_gfas_monthly`.
    years : range
        As in `read_gfas_monthly`.

    Raises
    ------
    DataError
        As in `read_gfas_monthly`.
    """
    for source in check_days(folder, years):
        with _opened(source) as (opened, _):
            field = checked_variable(
                source.label, with_our_axes(opened), VARIABLE, ("time", "lat", "lon")
            )
            unit_factor(source.label, field, UNITS)


@contextmanager
def _opened(source: NetcdfSource) -> Iterator[tuple[xr.Dataset, bool]]:
    """Open a NetCDF or GRIB file with its own axes; also yields whether it is GRIB."""
    with located(source) as path:
        grib = is_grib(path)
        with opened_grib(path, "FIRE") if grib else opened_netcdf(path) as dataset:
            yield dataset, grib


def _stamps(source: NetcdfSource) -> Stamps:
    with _opened(source) as (dataset, grib):
        return read_stamps(source.label, dataset, grib=grib)


def _files(folder: Path, years: range) -> dict[NetcdfSource, pd.DatetimeIndex]:
    """Files that contain days of the years, and all days in them."""
    paths = matching(folder, *PATTERNS)
    sources = [source for path in paths for source in sources_of(path)]
    days = covered_days(folder, {source: _stamps(source) for source in sources})
    wanted = list(years)
    found = {source: part for source, part in days.items() if np.isin(part.year, wanted).any()}
    if not found:
        expected = f"{' or '.join(PATTERNS)} with days of {years[0]} to {years[-1]}"
        raise DataError(folder, VARIABLE, "no such file", expected)
    return found


def _check_years(
    folder: Path, files: Mapping[NetcdfSource, pd.DatetimeIndex], years: range
) -> None:
    """Check that each day of each year in the record occurs exactly once."""
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
    """Yield the mean of each month once all its days, from any files, are read [kg m-2 s-1]."""
    sums: dict[Month, xr.DataArray] = {}
    counts: Counter[Month] = Counter()
    for source, days in files.items():
        for month, total in _month_sums(source, days, years):
            before = sums.get(month)
            sums[month] = total if before is None else _added(source.label, before, total)
            counts[month] += int(((days.year == month[0]) & (days.month == month[1])).sum())
            if counts[month] == monthrange(*month)[1]:
                yield month, sums.pop(month) / counts[month]


def _added(path: Path, before: xr.DataArray, total: xr.DataArray) -> xr.DataArray:
    """Sum of two totals; that of the file ``path`` may differ in order and rounding of its axes."""
    if not all(before[axis].equals(total[axis]) for axis in ("lat", "lon")):
        before = to_south_north(_rounded(before))
        total = _on_axes_of(path, before, total)
    return before + total


def _on_axes_of(path: Path, first: xr.DataArray, field: xr.DataArray) -> xr.DataArray:
    """Field from south to north on the axes of ``first``, from which it may differ by rounding."""
    plain = to_south_north(field)
    if all(first[axis].equals(plain[axis]) for axis in ("lat", "lon")):
        return plain
    plain = to_south_north(_rounded(field))
    for axis, span in (("lat", 180.0), ("lon", 360.0)):
        theirs, ours = plain[axis].values, first[axis].values
        near = UNEQUAL * span / len(ours)
        if len(theirs) != len(ours) or not np.allclose(theirs, ours, rtol=0.0, atol=near):
            found = f"{len(theirs)} cells from {theirs[0]:g} degrees"
            raise DataError(path, axis, found, f"{len(ours)} from {ours[0]:g}, as before it")
    return plain.assign_coords(lat=first.lat, lon=first.lon)


def _rounded(field: xr.DataArray) -> xr.DataArray:
    """Field whose axes do not tell whether they were stored as float32 or as float64."""
    axes = {axis: field[axis].astype(float).round(DECIMALS) for axis in ("lat", "lon")}
    return field.assign_coords(axes)


def _month_sums(
    source: NetcdfSource, days: pd.DatetimeIndex, years: range
) -> Iterator[tuple[Month, xr.DataArray]]:
    """Yield the sum of the days of each month in a file, a few at a time [kg m-2 s-1]."""
    path = source.label
    with _opened(source) as (opened, _):
        dataset = with_our_axes(opened)
        field = checked_variable(path, dataset, VARIABLE, ("time", "lat", "lon"))
        scale = unit_factor(path, field, UNITS)
        for month in sorted(set(zip(days.year, days.month, strict=True))):
            if month[0] in years:
                inside = np.flatnonzero((days.year == month[0]) & (days.month == month[1]))
                total = _sum(path, field, inside, scale)
                yield month, xr.DataArray(total, {"lat": field.lat, "lon": field.lon})


def _sum(path: Path, field: xr.DataArray, days: np.ndarray, scale: float) -> np.ndarray:
    """Sum over some days, added one by one, shape (lat, lon) [kg m-2 s-1]."""
    step = float(field.encoding.get("scale_factor", 0.0))
    total = np.zeros(field.shape[1:])
    for start in range(0, len(days), DAYS_AT_ONCE):
        for day in field.isel(time=days[start : start + DAYS_AT_ONCE]).values:
            total += _emissions(path, day, step) * scale
    return total


def _emissions(path: Path, values: np.ndarray, step: float) -> np.ndarray:
    """Emissions of a day, with values below one packing step set to zero [kg m-2 s-1].

    Older files have no exact zero: their most frequent packed value means "no fire", as most cells
    never burn.
    """
    values = values.astype(np.float64)
    values[np.abs(values) < step] = 0.0
    check_plausible(path, VARIABLE, values, LARGEST, "kg m-2 s-1")
    if not (values >= 0.0).all():
        found = "missing values" if np.isnan(values).any() else f"{values.min():g} kg m-2 s-1"
        raise DataError(path, VARIABLE, found, "emissions of 0 or more in every cell")
    if step and np.count_nonzero(values) > values.size / 2:
        found = f"fire in {np.count_nonzero(values)} of {values.size} cells"
        raise DataError(path, VARIABLE, found, "no fire in most of them", "check the packing")
    return values
