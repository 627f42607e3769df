"""Latitude and longitude of an ERA5 file: a regular grid, in any order."""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import edges

TURN = 360.0  # degree


def check_axes(label: Path, dataset: xr.Dataset) -> None:
    """Check that maps are on a regular grid.

    The first and the last meridian may be the same, as from -180 to 180.

    Parameters
    ----------
    label : Path
        File name for error messages.
    dataset : Dataset
        Dataset with coordinates ``lat`` and ``lon``.

    Raises
    ------
    DataError
        If the coordinates are not equally spaced, or are outside the globe.
    """
    lat = np.asarray(dataset.lat.values, float)
    lon = np.asarray(dataset.lon.values, float)
    _check_spacing(label, "lat", lat)
    if np.abs(lat).max() > 90.0:
        raise DataError(label, "lat", f"{lat.min():g} to {lat.max():g}", "-90 to 90 degrees")
    centred = (lon[: _columns(lon)] + TURN / 2.0) % TURN - TURN / 2.0
    _check_spacing(label, "lon", centred)


def without_twin(label: Path, field: xr.DataArray) -> xr.DataArray:
    """Drop the last meridian of maps if it is the first one again.

    Parameters
    ----------
    label : Path
        File name for error messages.
    field : DataArray, dims (..., lat, lon)
        Maps as in the file.

    Returns
    -------
    DataArray
        Each meridian once.

    Raises
    ------
    DataError
        If the values on the two differ.
    """
    lon = field.lon.values
    columns = _columns(lon)
    if columns == len(lon):
        return field
    if not np.array_equal(field[..., 0], field[..., -1], equal_nan=True):
        found = f"{lon[0]:g} and {lon[-1]:g}, the same meridian, with different values"
        raise DataError(label, "lon", found, "each meridian once", "get it again")
    return field[..., :columns]


def _columns(lon: np.ndarray) -> int:
    """Number of meridians, where the last may be the first one again."""
    if len(lon) < 3:
        return len(lon)
    twin = abs(abs(float(lon[-1]) - float(lon[0])) - TURN) < 1e-3 * abs(float(lon[1] - lon[0]))
    return len(lon) - 1 if twin else len(lon)


def _check_spacing(label: Path, axis: str, values: np.ndarray) -> None:
    if not np.isfinite(values).all():
        raise DataError(label, axis, "a missing value", "coordinates in degrees", "get it again")
    try:
        edges(np.sort(values))
    except ValueError:
        found = f"{len(values)} values, not equally spaced, {values[:3]} ..."
        raise DataError(label, axis, found, "a regular grid") from None
