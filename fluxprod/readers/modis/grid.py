"""Layers of global MODIS grids in HDF4-EOS: from raw numbers to physical values on our axes.

Row 0 starts at 90 N and column 0 at 180 W for all cell sizes; files state their geolocation only in
the text of ``StructMetadata.0``. Scale factors follow no single convention: MOD13 states 10000, by
which values are divided; the others state 0.0001 or 0.02, by which values are multiplied.
"""

from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.readers.files.hdf4 import Hdf4File, attribute, open_hdf4, stated_corners
from fluxprod.readers.modis.layer import Layer, check_packing, physical_values
from fluxprod.readers.modis.pixels import Pixels

GLOBE = {"UpperLeftPointMtrs": (-180.0, 90.0), "LowerRightMtrs": (180.0, -90.0)}
PACKED_DEGREES = 1e6  # DDDMMMSSS.SS of the HDF-EOS projection library; whole degrees here
PACKING = ("_FillValue", "scale_factor", "add_offset")


def open_grid(path: Path) -> AbstractContextManager[Hdf4File]:
    """Open a global grid, as a context manager.

    Raises
    ------
    DataError
        If the file is not HDF4, is truncated, or states that its grid is not global.
    """
    return open_hdf4(path, check_corners)


def read_layer(grid: Hdf4File, layer: Layer, pixels: Pixels | None = None) -> np.ndarray:
    """Read a layer in physical units, NaN where it is missing or outside its valid range.

    Parameters
    ----------
    grid : Hdf4File
        Open file.
    layer : Layer
        Layer to read, with its documented packing.
    pixels : Pixels, optional
        Cells to read; by default all.

    Returns
    -------
    ndarray of float32, shape (row, column) or (pixel,)
        Row 0 is in the south [layer.units].

    Raises
    ------
    DataError
        If the layer is missing or its fill value or scale is not the documented one.
    """
    raw, packing = read_sds(grid, layer.name, pixels)
    check_packing(grid.path, layer, packing)
    return physical_values(raw, layer)


def read_sds(
    grid: Hdf4File, prefix: str, pixels: Pixels | None = None
) -> tuple[np.ndarray, dict[str, object]]:
    """Read a dataset as stored, but with rows from south to north, and its packing.

    Parameters
    ----------
    grid : Hdf4File
        Open file.
    prefix : str
        Name of the dataset, without the suffix of Collection 5.
    pixels : Pixels, optional
        Cells to read; by default all.

    Returns
    -------
    raw : ndarray, shape (row, column) or (pixel,)
        Numbers as stored; row 0 is in the south.
    packing : dict of str to object
        Values of the attributes ``PACKING``, None where absent.

    Raises
    ------
    DataError
        If not exactly one dataset matches, or it is not a global grid of the size of ``pixels``.
    """
    dataset = grid.select(prefix)
    shape = tuple(np.atleast_1d(dataset.info()[2]).tolist())
    if len(shape) != 2 or shape[1] != 2 * shape[0]:
        raise DataError(grid.path, prefix, f"shape {shape}", "a global grid (n, 2 n)")
    if pixels is not None and shape != pixels.shape:
        raise DataError(grid.path, prefix, f"shape {shape}", f"{pixels.shape} of the land cover")
    packing = {name: attribute(dataset, name) for name in PACKING}
    if pixels is None:
        raw = np.ascontiguousarray(dataset.get()[::-1])
    else:
        first, end = pixels.rows_north_first
        rows = dataset.get(start=(first, 0), count=(end - first, shape[1]))
        raw = rows.ravel()[pixels.index_north_first]
    dataset.endaccess()
    return raw, packing


def check_corners(path: Path, structure: str) -> None:
    """Raise a DataError if a file states corners other than those of the globe."""
    for corner, point in stated_corners(structure).items():
        if max(map(abs, point)) > 360.0:
            point = point[0] / PACKED_DEGREES, point[1] / PACKED_DEGREES
        if point != GLOBE[corner]:
            raise DataError(
                path, corner, point, GLOBE[corner], "only MCD15A2H and MOD15A2H are read from tiles"
            )


def on_globe(fields: dict[str, np.ndarray]) -> xr.Dataset:
    """Add the axes of their global grid to arrays of shape (row, column), south to north."""
    shape = next(iter(fields.values())).shape
    grid = Grid(180.0 / shape[0])
    return xr.Dataset(
        {name: (("lat", "lon"), values) for name, values in fields.items()},
        coords={"lat": grid.lat, "lon": grid.lon},
    )
