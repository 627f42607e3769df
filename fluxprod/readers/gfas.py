"""CAMS GFAS fire emissions (``co2fire``), daily, as the FTP and both data stores issue them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.grid import Grid, regrid, to_south_north
from fluxprod.readers.global_field import check_plausible, checked, factor, opened, stamps
from fluxprod.time_axis import daily_axis
from fluxprod.units import co2_rate_to_carbon_per_day

PATTERN = "*co2fire*.nc"
VARIABLE = "co2fire"  # of CO2; cfire is carbon
UNITS = {"kgm-2s-1": 1.0, "kg/m2/s": 1.0}  # to kg m-2 s-1
LARGEST = 1e-3  # kg m-2 s-1, daily mean of a cell
FIRST_YEAR = 2003  # of the record

Month = tuple[int, int]


def read_gfas_monthly(folder: Path, years: range, *, grid: Grid | None = None) -> xr.DataArray:
    """Read monthly mean fire emissions of the years that are there.

    Parameters
    ----------
    folder : Path
        Folder of ``*co2fire*.nc`` files, daily, each with any number of days; longitudes 0 to 360
        or -180 to 180, either order of latitudes.
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
    files = _files(folder, years)
    _check_years(folder, files, years)
    sums: dict[Month, xr.DataArray] = {}
    for path, days in files.items():
        for month, total in _month_sums(path, days, years):
            sums[month] = sums[month] + total if month in sums else total
    months = [pd.Timestamp(year, month, 1) for year, month in sorted(sums)]
    parts = [sums[key] / month.days_in_month for key, month in zip(sorted(sums), months)]
    parts = [to_south_north(part) if grid is None else regrid(part, grid) for part in parts]
    fire = xr.concat(parts, pd.DatetimeIndex(months, name="time").as_unit("s"))
    fire.attrs["units"] = "g m-2 d-1"
    return co2_rate_to_carbon_per_day(fire).rename(VARIABLE)


def _files(folder: Path, years: range) -> dict[Path, pd.DatetimeIndex]:
    """Files that hold days of the years, and all their days."""
    found: dict[Path, pd.DatetimeIndex] = {}
    for path in sorted(folder.glob(PATTERN)):
        with opened(path) as dataset:
            days = stamps(path, dataset).normalize()
        if np.isin(days.year, list(years)).any():
            found[path] = days
    if not found:
        expected = f"{PATTERN} with days of {years[0]} to {years[-1]}"
        raise DataError(folder, VARIABLE, "no such file", expected)
    return found


def _check_years(folder: Path, files: Mapping[Path, pd.DatetimeIndex], years: range) -> None:
    """Every year of the record is there wholly, and once."""
    days = pd.DatetimeIndex(np.concatenate([part.values for part in files.values()]))
    for year in [year for year in years if year >= FIRST_YEAR or year in days.year]:
        there = days[days.year == year]
        missing = daily_axis(year, year).difference(there)
        if len(missing) or not there.is_unique:
            twice = there[there.duplicated()]
            found = f"{missing[0]:%F} missing" if len(missing) else f"{twice[0]:%F} twice"
            raise DataError(folder, VARIABLE, found, f"each day of {year} once")


def _month_sums(
    path: Path, days: pd.DatetimeIndex, years: range
) -> Iterator[tuple[Month, xr.DataArray]]:
    """Sum of the daily emissions [kg m-2 s-1] of each month in a file; one month in memory."""
    with opened(path) as dataset:
        field = checked(path, dataset, VARIABLE, ("time", "lat", "lon"))
        scale = factor(path, field, UNITS)
        step = float(field.encoding.get("scale_factor", 0.0))
        for month in sorted(set(zip(days.year, days.month, strict=True))):
            if month[0] in years:
                inside = (days.year == month[0]) & (days.month == month[1])
                part = field.isel(time=np.flatnonzero(inside))
                part = part.copy(data=_emissions(path, part.values, step) * scale)
                yield month, part.sum("time", skipna=False)


def _emissions(path: Path, values: np.ndarray, step: float) -> np.ndarray:
    """Values below one packing step are the packed form of no fire.

    Legacy files have no exact zero: "no fire" is their most frequent packed value.
    """
    values = values.astype(np.float64)
    values[np.abs(values) < step] = 0.0
    check_plausible(path, VARIABLE, values, LARGEST, "kg m-2 s-1")
    if not (values >= 0.0).all():
        found = "missing values" if np.isnan(values).any() else f"{values.min():g} kg m-2 s-1"
        raise DataError(path, VARIABLE, found, "emissions of at least 0 in every cell")
    return values
