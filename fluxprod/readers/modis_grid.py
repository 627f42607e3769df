"""Layers of global MODIS grids in HDF4-EOS: raw numbers to physical values on our axes.

Row 0 lies at 90 N and column 0 at 180 W, whatever the cell size; the geolocation is nowhere in
the file but in the text of ``StructMetadata.0``. Scale factors are not one convention: MOD13
states 10000 and means "divide", the others state 0.0001 or 0.02 and mean "multiply".
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr
from pyhdf.error import HDF4Error
from pyhdf.SD import SD, SDC, SDS

from fluxprod.errors import DataError
from fluxprod.grid import Grid

ATTRIBUTES = ("_FillValue", "scale_factor", "add_offset")
STRUCTURE = "StructMetadata.0"
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


class GridFile(NamedTuple):
    """An open file with the names of its datasets."""

    path: Path
    file: SD
    names: list[str]


@contextmanager
def open_grid(path: Path) -> Iterator[GridFile]:
    """Open a global grid.

    Raises
    ------
    DataError
        If it is no HDF4 file, breaks off, or states that it is not global.
    """
    file = None
    try:
        file = SD(str(path), SDC.READ)
        check_corners(path, str(_attribute(file, STRUCTURE) or ""))
        yield GridFile(path, file, list(file.datasets()))
    except HDF4Error as error:
        raise DataError(path, "file", f"unreadable ({error})", "HDF4", "get it again") from error
    finally:
        if file is not None:
            file.end()


def read_layer(grid: GridFile, layer: Layer) -> np.ndarray:
    """Read a layer in physical units, NaN where it is filled or out of its valid range.

    Returns
    -------
    ndarray of float32, shape (row, column), row 0 in the south

    Raises
    ------
    DataError
        If the layer is missing or its fill value or scale are not the documented ones.
    """
    raw, attributes = read_sds(grid, layer.name)
    _check_attributes(grid.path, layer, attributes)
    low, high = layer.valid
    values = raw * np.float32(layer.scale)
    values[(raw == layer.fill) | (raw < low) | (raw > high)] = np.nan
    return values


def _check_attributes(path: Path, layer: Layer, attributes: dict[str, object]) -> None:
    fill, factor, offset = (attributes[name] for name in ATTRIBUTES)
    if fill != layer.fill:
        raise DataError(path, layer.name, f"_FillValue {fill}", layer.fill)
    scale = step_of(factor)
    if scale is None or abs(scale - layer.scale) > 1e-6 * layer.scale:
        raise DataError(path, layer.name, f"scale_factor {factor}", f"{layer.scale:g} a raw unit")
    if offset not in (None, 0.0):
        raise DataError(path, layer.name, f"add_offset {offset}", "0")


def step_of(scale_factor: object) -> float | None:
    """Physical value of a raw unit, whether the factor multiplies or, as in MOD13, divides."""
    if not isinstance(scale_factor, int | float) or scale_factor <= 0:
        return None
    return scale_factor if scale_factor < 1 else 1.0 / scale_factor


def read_sds(grid: GridFile, prefix: str) -> tuple[np.ndarray, dict[str, object]]:
    """Read a dataset as it is stored, turned south to north, and what packs it.

    Parameters
    ----------
    grid : GridFile
        Open file.
    prefix : str
        Name of the dataset, or the start of it.

    Returns
    -------
    ndarray, shape (row, column), and dict of ``ATTRIBUTES``, None where absent

    Raises
    ------
    DataError
        If not exactly one dataset matches, or it is no global grid.
    """
    dataset = grid.file.select(_full_name(grid, prefix))
    raw = dataset.get()
    attributes = {name: _attribute(dataset, name) for name in ATTRIBUTES}
    dataset.endaccess()
    if raw.ndim != 2 or raw.shape[1] != 2 * raw.shape[0]:
        raise DataError(grid.path, prefix, f"shape {raw.shape}", "a global grid (n, 2 n)")
    return np.ascontiguousarray(raw[::-1]), attributes


def _attribute(holder: SD | SDS, name: str) -> object:
    """One attribute or None. To ask for all is slow: pyhdf reads long texts byte by byte."""
    attribute = holder.attr(name)
    try:
        attribute.index()
    except HDF4Error:
        return None
    return attribute.get()


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


def _full_name(grid: GridFile, prefix: str) -> str:
    if prefix in grid.names:
        return prefix
    matching = [name for name in grid.names if name.startswith(prefix)]
    if len(matching) != 1:
        found = str(matching or grid.names)
        raise DataError(grid.path, prefix, found, "one dataset of that name")
    return matching[0]
