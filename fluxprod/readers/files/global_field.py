"""Checks common to global fields in NetCDF: names, dimensions, grid, dates, units and range."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.netcdf import opened_netcdf
from fluxprod.readers.files.netcdf_source import NetcdfSource, located, only_source

UNEQUAL = 1e-3  # share of a cell; less than what `grid.edges` accepts, more than float32 rounds
NAMES = {"latitude": "lat", "longitude": "lon", "valid_time": "time"}


@contextmanager
def opened_dataset(
    source: Path | NetcdfSource, *, decode_times: bool = True
) -> Iterator[xr.Dataset]:
    """Open a NetCDF file lazily, with its axes named time, lat and lon.

    Parameters
    ----------
    source : Path or NetcdfSource
        A file, or a zip archive that contains one.
    decode_times : bool
        Whether ``time`` is converted to dates.

    Yields
    ------
    Dataset

    Raises
    ------
    DataError
        If the file does not exist, is not NetCDF, or is truncated or corrupt.
    """
    source = only_source(source) if isinstance(source, Path) else source
    with (
        located(source) as path,
        opened_netcdf(path, decode_times=decode_times) as dataset,
    ):
        yield dataset.rename({old: new for old, new in NAMES.items() if old in dataset.dims})


def checked_variable(
    path: Path, dataset: xr.Dataset, name: str, dims: tuple[str, ...]
) -> xr.DataArray:
    """Select a variable on a global grid without loading it.

    Parameters
    ----------
    path : Path
        File name for error messages.
    dataset : Dataset
        As returned by `opened_dataset`.
    name : str
        Name of the variable.
    dims : tuple of str
        Expected dimensions, in the order in which they are returned.

    Returns
    -------
    DataArray, dims ``dims``
        The variable, not yet loaded.

    Raises
    ------
    DataError
        If the variable is missing, has other dimensions, or is not on a global grid.
    """
    if name not in dataset.variables:
        raise DataError(path, name, f"only {sorted(map(str, dataset.data_vars))}", "this variable")
    field = dataset[name]
    if set(field.dims) != set(dims):
        raise DataError(path, name, f"dimensions {field.dims}", dims)
    for axis, span in (("lat", 180.0), ("lon", 360.0)):
        _check_axis(path, dataset, axis, span)
    return field.transpose(*dims)


def _check_axis(path: Path, dataset: xr.Dataset, axis: str, span: float) -> None:
    """Check that an axis covers the sphere with cells of equal size, in any order."""
    if axis not in dataset.coords:
        raise DataError(path, axis, "no coordinate", "cell centres in degrees")
    centre = np.sort(np.asarray(dataset[axis].values, float))
    step = span / len(centre)
    if len(centre) < 2 or not np.allclose(np.diff(centre), step, rtol=0.0, atol=UNEQUAL * step):
        found = f"{len(centre)} values from {centre[0]:g} to {centre[-1]:g}"
        raise DataError(path, axis, found, f"equal cells over {span:g} degrees")


def unique_dates(path: Path, dataset: xr.Dataset) -> pd.DatetimeIndex:
    """Dates of the time axis, in the order of the file.

    Raises
    ------
    DataError
        If there is no time axis, its calendar is not the standard one, or a date is missing or
        occurs twice.
    """
    if "time" not in dataset.coords:
        raise DataError(path, "time", "no coordinate", "dates")
    values = np.atleast_1d(dataset.time.values)
    if not values.size:
        raise DataError(path, "time", "no steps", "dates")
    if values.dtype.kind != "M":
        raise DataError(path, "time", f"{values[0]!r}", "dates in the standard calendar")
    dates = pd.DatetimeIndex(values)
    if dates.hasnans:
        raise DataError(path, "time", "a missing date", "dates")
    if not dates.is_unique:
        raise DataError(path, "time", f"{dates[dates.duplicated()][0]} twice", "each date once")
    return dates


def unit_factor(path: Path, field: xr.DataArray, units: Mapping[str, float]) -> float:
    """Factor that converts a variable from its stated unit to ours.

    Parameters
    ----------
    path : Path
        File name for error messages.
    field : DataArray
        Variable with its ``units`` attribute.
    units : mapping of str to float
        Conversion factors by accepted unit, written in lower case without blanks.

    Returns
    -------
    float
        Value in our unit per value in the stated unit.

    Raises
    ------
    DataError
        If the unit is missing or not accepted.
    """
    stated = str(field.attrs.get("units", "none"))
    plain = stated.lower().replace(" ", "").replace("**", "").replace("^", "")
    if plain not in units:
        raise DataError(path, f"units of {field.name}", repr(stated), f"one of {sorted(units)}")
    return units[plain]


def check_plausible(path: Path, name: str, values: np.ndarray, limit: float, unit: str) -> None:
    """Refuse impossible magnitudes, which reveal a wrong unit or an undeclared fill value.

    Parameters
    ----------
    path : Path
        File name for error messages.
    name : str
        Variable name for error messages.
    values : ndarray
        Values in ``unit``; NaN is accepted.
    limit : float
        Largest possible magnitude, in ``unit``.
    unit : str
        Unit for error messages.

    Raises
    ------
    DataError
        If the magnitude of a value exceeds ``limit``.
    """
    high = np.fmax.reduce(values, axis=None, initial=0.0)  # unlike nanmax of abs, makes no copy
    largest = float(max(high, -np.fmin.reduce(values, axis=None, initial=0.0)))
    if largest > limit:
        found = f"a magnitude of {largest:g} {unit}"
        raise DataError(
            path, name, found, f"at most {limit:g} {unit}", "check the unit and fill value"
        )
