"""Layers of global MODIS grids in HDF4-EOS: raw numbers to physical values on our axes.

Row 0 lies at 90 N and column 0 at 180 W, whatever the cell size; the geolocation is nowhere in
the file but in the text of ``StructMetadata.0``. Scale factors are not one convention: MOD13
states 10000 and means "divide", the others state 0.0001 or 0.02 and mean "multiply".
"""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.readers.files.hdf4 import Hdf4File, attribute, open_hdf4, stated_corners
from fluxprod.readers.modis.layer import Layer, check_packing, physical
from fluxprod.readers.modis.pixels import Pixels

GLOBE = {"UpperLeftPointMtrs": (-180.0, 90.0), "LowerRightMtrs": (180.0, -90.0)}
PACKED_DEGREES = 1e6  # DDDMMMSSS.SS of the HDF-EOS projection library; whole degrees here
PACKING = ("_FillValue", "scale_factor", "add_offset")


def open_grid(path: Path):
    """Open a global grid, as a context.

    Raises
    ------
    DataError
        If it is no HDF4 file, breaks off, or states that it is not global.
    """
    return open_hdf4(path, check_corners)


def read_layer(grid: Hdf4File, layer: Layer, pixels: Pixels | None = None) -> np.ndarray:
    """Read a layer in physical units, NaN where it is filled or out of its valid range.

    Returns
    -------
    ndarray of float32, shape (row, column), row 0 in the south, or (pixel,)

    Raises
    ------
    DataError
        If the layer is missing or its fill value or scale are not the documented ones.
    """
    raw, packing = read_sds(grid, layer.name, pixels)
    check_packing(grid.path, layer, packing)
    return physical(raw, layer)


def read_sds(
    grid: Hdf4File, prefix: str, pixels: Pixels | None = None
) -> tuple[np.ndarray, dict[str, object]]:
    """Read a dataset as it is stored, turned south to north, and what packs it.

    Parameters
    ----------
    grid : Hdf4File
        Open file.
    prefix : str
        Name of the dataset, but for what Collection 5 appends.
    pixels : Pixels, optional
        Cells that are wanted; without it, all.

    Returns
    -------
    ndarray, shape (row, column) or (pixel,), and dict of ``PACKING``, None where absent

    Raises
    ------
    DataError
        If not exactly one dataset matches, or it is no global grid of the size of ``pixels``.
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
    """Raise a DataError if the file states corners that are not the globe's."""
    for corner, point in stated_corners(structure).items():
        if max(map(abs, point)) > 360.0:
            point = point[0] / PACKED_DEGREES, point[1] / PACKED_DEGREES
        if point != GLOBE[corner]:
            raise DataError(path, corner, point, GLOBE[corner], "only MOD15A2H is read in tiles")


def on_globe(fields: dict[str, np.ndarray]) -> xr.Dataset:
    """Give arrays of shape (row, column), south to north, the axes of their global grid."""
    shape = next(iter(fields.values())).shape
    grid = Grid(180.0 / shape[0])
    return xr.Dataset(
        {name: (("lat", "lon"), values) for name, values in fields.items()},
        coords={"lat": grid.lat, "lon": grid.lon},
    )
