"""Layers of global MODIS grids in HDF4-EOS: raw numbers to physical values on our axes.

Row 0 lies at 90 N and column 0 at 180 W, whatever the cell size; the geolocation is nowhere in
the file but in the text of ``StructMetadata.0``. Scale factors are not one convention: MOD13
states 10000 and means "divide", the others state 0.0001 or 0.02 and mean "multiply".
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from pyhdf.error import HDF4Error
from pyhdf.SD import SD, SDC

from fluxprod.errors import DataError
from fluxprod.grid import Grid

CORNER = re.compile(r"(UpperLeftPointMtrs|LowerRightMtrs)=\(([-\d.]+),([-\d.]+)\)")
GLOBE = {"UpperLeftPointMtrs": (-180.0, 90.0), "LowerRightMtrs": (180.0, -90.0)}
PACKED_DEGREES = 1e6  # DDDMMMSSS.SS of the HDF-EOS projection library; whole degrees here


@dataclass(frozen=True)
class Layer:
    """What a layer's documentation says of it, to be asserted against the file.

    Parameters
    ----------
    name : str
        Dataset name or a prefix that only it has (Collection 5 appends band names).
    fill : int
        Raw value of missing data.
    valid : (int, int)
        Range of raw values that are data.
    scale : float
        Physical value of one raw unit.
    """

    name: str
    fill: int
    valid: tuple[int, int]
    scale: float


def read_layer(path: Path, layer: Layer) -> np.ndarray:
    """Read a layer in physical units, NaN where it is filled or out of its valid range.

    Returns
    -------
    ndarray of float32, shape (row, column), row 0 in the south

    Raises
    ------
    DataError
        If the layer is missing or its fill value or scale are not the documented ones.
    """
    raw, attributes = read_sds(path, layer.name)
    fill = attributes.get("_FillValue")
    if fill != layer.fill:
        raise DataError(path, layer.name, f"_FillValue {fill}", layer.fill)
    scale = step_of(attributes.get("scale_factor"))
    if scale is None or abs(scale - layer.scale) > 1e-6 * layer.scale:
        found = attributes.get("scale_factor")
        raise DataError(path, layer.name, f"scale_factor {found}", f"{layer.scale:g} a raw unit")
    if attributes.get("add_offset", 0.0) != 0.0:
        raise DataError(path, layer.name, f"add_offset {attributes['add_offset']}", "0")
    low, high = layer.valid
    values = raw * np.float32(layer.scale)
    values[(raw == layer.fill) | (raw < low) | (raw > high)] = np.nan
    return values


def step_of(scale_factor: object) -> float | None:
    """Physical value of a raw unit, whether the factor multiplies or, as in MOD13, divides."""
    if not isinstance(scale_factor, int | float) or scale_factor <= 0:
        return None
    return scale_factor if scale_factor < 1 else 1.0 / scale_factor


def read_sds(path: Path, prefix: str) -> tuple[np.ndarray, dict]:
    """Read a dataset as it is stored, turned south to north, and its attributes.

    Parameters
    ----------
    path : Path
        HDF4 file.
    prefix : str
        Name of the dataset, or the start of it.

    Raises
    ------
    DataError
        If the file is no HDF4, not exactly one dataset matches, or it is no global grid.
    """
    try:
        file = SD(str(path), SDC.READ)
    except HDF4Error as error:
        raise _unreadable(path, error) from error
    try:
        check_corners(path, str(file.attributes().get("StructMetadata.0", "")))
        dataset = file.select(_full_name(path, prefix, list(file.datasets())))
        raw, attributes = dataset.get(), dataset.attributes()
        dataset.endaccess()
    except HDF4Error as error:
        raise _unreadable(path, error) from error
    finally:
        file.end()
    if raw.ndim != 2 or raw.shape[1] != 2 * raw.shape[0]:
        raise DataError(path, prefix, f"shape {raw.shape}", "a global grid (n, 2 n)")
    return np.ascontiguousarray(raw[::-1]), attributes


def datasets_of(path: Path) -> list[str]:
    """Names of all datasets of an HDF4 file.

    Raises
    ------
    DataError
        If it is none.
    """
    try:
        file = SD(str(path), SDC.READ)
        names = list(file.datasets())
        file.end()
    except HDF4Error as error:
        raise _unreadable(path, error) from error
    return names


def check_corners(path: Path, structure: str) -> None:
    """Raise a DataError if the file states corners that are not the globe's."""
    for corner, x, y in CORNER.findall(structure):
        point = float(x), float(y)
        if max(map(abs, point)) > 360.0:
            point = point[0] / PACKED_DEGREES, point[1] / PACKED_DEGREES
        if point != GLOBE[corner]:
            raise DataError(path, corner, point, GLOBE[corner], "sinusoidal tiles are not read")


def on_globe(fields: dict[str, np.ndarray]) -> xr.Dataset:
    """Give arrays of shape (row, column), south to north, the axes of their global grid."""
    shape = next(iter(fields.values())).shape
    grid = Grid(180.0 / shape[0])
    return xr.Dataset(
        {name: (("lat", "lon"), values) for name, values in fields.items()},
        coords={"lat": grid.lat, "lon": grid.lon},
    )


def _full_name(path: Path, prefix: str, names: list[str]) -> str:
    if prefix in names:
        return prefix
    matching = [name for name in names if name.startswith(prefix)]
    if len(matching) != 1:
        raise DataError(path, prefix, f"{matching or names}", "one dataset of that name")
    return matching[0]


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(path, "file", f"unreadable ({error})", "HDF4", "get it again")
