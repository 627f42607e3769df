"""Global fields in the NetCDF files of any provider: opening, names, units, grid, plausibility."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.netcdf import opened_netcdf
from fluxprod.readers.files.netcdf_source import NetcdfSource, located, only_source

NAMES = {"latitude": "lat", "longitude": "lon", "valid_time": "time"}


@contextmanager
def opened(source: Path | NetcdfSource, *, decode_times: bool = True) -> Iterator[xr.Dataset]:
    """Open a file with its axes named time, lat and lon; values stay on disk until used.

    Parameters
    ----------
    source : Path or NetcdfSource
        The file, or the one in a zip archive.
    decode_times : bool
        Whether ``time`` becomes dates.

    Raises
    ------
    DataError
        If it is absent, no NetCDF file, or breaks off.
    """
    source = only_source(source) if isinstance(source, Path) else source
    with (
        located(source) as path,
        opened_netcdf(path, decode_times=decode_times) as dataset,
    ):
        yield dataset.rename({old: new for old, new in NAMES.items() if old in dataset.dims})


def checked(path: Path, dataset: xr.Dataset, name: str, dims: tuple[str, ...]) -> xr.DataArray:
    """Take a variable on a global grid, not yet loaded, with its dimensions in order.

    Raises
    ------
    DataError
        If it is missing, has other dimensions or coordinates that are no global grid.
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
    """An axis covers the sphere with equal cells, in whatever order."""
    if axis not in dataset.coords:
        raise DataError(path, axis, "no coordinate", "cell centres in degrees")
    centre = np.sort(np.asarray(dataset[axis].values, float))
    step = span / len(centre)
    if len(centre) < 2 or not np.allclose(np.diff(centre), step, rtol=0.0, atol=0.01 * step):
        found = f"{len(centre)} values from {centre[0]:g} to {centre[-1]:g}"
        raise DataError(path, axis, found, f"equal cells over {span:g} degrees")


def stamps(path: Path, dataset: xr.Dataset) -> pd.DatetimeIndex:
    """Dates of the time axis, each once.

    Raises
    ------
    DataError
        If there is none, its calendar is not the civil one, or a date is there twice.
    """
    if "time" not in dataset.coords:
        raise DataError(path, "time", "no coordinate", "dates")
    values = np.atleast_1d(dataset.time.values)
    if not values.size:
        raise DataError(path, "time", "nothing", "dates")
    if values.dtype.kind != "M":
        raise DataError(path, "time", f"{values[0]!r}", "dates of the standard calendar")
    dates = pd.DatetimeIndex(values)
    if dates.hasnans:
        raise DataError(path, "time", "a missing date", "dates")
    if not dates.is_unique:
        raise DataError(path, "time", f"{dates[dates.duplicated()][0]} twice", "each date once")
    return dates


def factor(path: Path, field: xr.DataArray, units: Mapping[str, float]) -> float:
    """Factor that turns a variable's stated unit into ours.

    Parameters
    ----------
    path : Path
        For the message.
    field : DataArray
        With its ``units`` attribute.
    units : mapping of str to float
        Units that may be stated, written without blanks in lower case, and their factors.

    Raises
    ------
    DataError
        If the unit is missing or not among them.
    """
    stated = str(field.attrs.get("units", "none"))
    plain = stated.lower().replace(" ", "").replace("**", "").replace("^", "")
    if plain not in units:
        raise DataError(path, f"units of {field.name}", repr(stated), f"one of {sorted(units)}")
    return units[plain]


def check_plausible(path: Path, name: str, values: np.ndarray, limit: float, unit: str) -> None:
    """Refuse magnitudes that no real field has: a unit or a fill value is not what is stated.

    Raises
    ------
    DataError
        If a value is beyond ``limit`` on either side. NaN passes.
    """
    high = np.fmax.reduce(values, axis=None, initial=0.0)  # no copy, unlike nanmax of abs
    largest = float(max(high, -np.fmin.reduce(values, axis=None, initial=0.0)))
    if largest > limit:
        found = f"a magnitude of {largest:g} {unit}"
        raise DataError(path, name, found, f"at most {limit:g} {unit}", "check unit and fill value")
