"""fAPAR from sinusoidal tiles, averaged by area onto the cells of a global grid.

A tile ``hXXvYY`` is one of 36 by 18 in the MODIS sinusoidal grid and spans 10 degrees of latitude.
All pixels have the same area, so that the mean by area is a sum divided by a count. A pixel is
assigned to the cell that contains its centre; it is at least ten times smaller than a cell of 0.05
degree. MODIS Land sinusoidal grid: radius 6371007.181 m, upper left corner of h00v00 at
(-20015109.354, 10007554.677) m (MODLAND, modis-land.gsfc.nasa.gov/MODLAND_grid.html).
"""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.core.grid import EARTH_RADIUS
from fluxprod.readers.files.hdf4 import Hdf4File, attribute, open_hdf4, stated_corners
from fluxprod.readers.modis.grid import PACKING
from fluxprod.readers.modis.layer import check_packing
from fluxprod.readers.modis.layers import ScreenedLayer
from fluxprod.readers.modis.pixels import Pixels

TILE = re.compile(r"\.h(?P<h>\d{2})v(?P<v>\d{2})\.")
N_TILES = 36, 18  # along the equator and from pole to pole
N_PIXELS = 2400  # rows and columns of a tile with 500 m pixels
DEGREES = 10.0  # span of a tile in latitude, and in longitude at the equator
TILE_METRES = EARTH_RADIUS * np.radians(DEGREES)
MANY = 8  # most tiles in a message
TOLERANCE = 1.0  # m, of stated corners


def tile_of(path: Path) -> tuple[int, int] | None:
    """Tile (h, v) in a file name, or None."""
    match = TILE.search(path.name)
    return None if match is None else (int(match["h"]), int(match["v"]))


def _named_tile(path: Path) -> tuple[int, int]:
    tile = tile_of(path)
    if tile is None or tile[0] >= N_TILES[0] or tile[1] >= N_TILES[1]:
        raise DataError(path, "name", path.name, "h00v00 to h35v17 of a sinusoidal tile")
    return tile


def check_same_tiles(
    folder: Path, by_date: dict[pd.Timestamp, set[tuple[int, int] | None]]
) -> None:
    """Raise a DataError that names the tiles which a composite lacks but others have."""
    known = set().union(*by_date.values())
    lacking = {date: known - tiles for date, tiles in by_date.items() if known - tiles}
    if lacking:
        date, tiles = next(iter(lacking.items()))
        names = sorted("a global grid" if t is None else "h{:02d}v{:02d}".format(*t) for t in tiles)
        found = f"{date:%Y%j} without {', '.join(names[:MANY])}{' ...' * (len(names) > MANY)}"
        more = f" and {len(lacking) - 1} more dates incomplete" if len(lacking) > 1 else ""
        raise DataError(folder, "tiles", found + more, "the tiles of the other composites")


def open_tile(path: Path) -> AbstractContextManager[Hdf4File]:
    """Open a tile, as a context manager.

    Raises
    ------
    DataError
        If the file is not HDF4, is truncated, or states corners that do not agree with its name.
    """
    return open_hdf4(path, _check_tile_corners)


def read_tiles(paths: Iterable[Path], screened: ScreenedLayer, pixels: Pixels) -> np.ndarray:
    """Average the good values of all tiles in each cell.

    Parameters
    ----------
    paths : iterable of Path
        Tiles of one composite.
    screened : ScreenedLayer
        Layer to read.
    pixels : Pixels
        Cells to read.

    Returns
    -------
    ndarray of float32, shape (pixel,)
        Physical values, NaN where a cell has no good pixel [screened.layer.units].

    Raises
    ------
    DataError
        If a tile is corrupt, has another size, or is not packed as documented.
    """
    total = np.zeros(pixels.shape, np.int32)
    count = np.zeros(pixels.shape, np.int32)
    for path in paths:
        with open_tile(path) as tile:
            raw, good = _good_values(tile, screened)
        _add(_named_tile(path), raw, good, total, count)
    total, count = total.ravel()[pixels.flat], count.ravel()[pixels.flat]
    mean = total / np.maximum(count, 1) * screened.layer.scale
    return np.where(count > 0, mean, np.nan).astype(np.float32)


def _good_values(tile: Hdf4File, screened: ScreenedLayer) -> tuple[np.ndarray, np.ndarray]:
    raw, packing = _read(tile, screened.layer.name)
    check_packing(tile.path, screened.layer, packing)
    low, high = screened.layer.valid
    good = screened.good(_read(tile, screened.quality)[0])
    return raw, good & (raw >= low) & (raw <= high) & (raw != screened.layer.fill)


def _read(tile: Hdf4File, name: str) -> tuple[np.ndarray, dict[str, object]]:
    dataset = tile.select(name)
    shape = tuple(np.atleast_1d(dataset.info()[2]).tolist())
    if shape != (N_PIXELS, N_PIXELS):
        raise DataError(tile.path, name, f"shape {shape}", (N_PIXELS, N_PIXELS))
    raw = dataset.get(), {key: attribute(dataset, key) for key in PACKING}
    dataset.endaccess()
    return raw


def _add(
    tile: tuple[int, int], raw: np.ndarray, good: np.ndarray, total: np.ndarray, count: np.ndarray
) -> None:
    """Add the good values of a tile and their number to the cells of a grid, south to north."""
    h, v = tile
    n_rows, n_columns = total.shape
    step = 180.0 / n_rows
    pixel = np.flatnonzero(good)
    row, column = np.divmod(pixel.astype(np.int32), np.int32(N_PIXELS))
    lat = 90.0 - DEGREES * (v + (np.arange(N_PIXELS) + 0.5) / N_PIXELS)
    lon = -180.0 + DEGREES * (h + (np.arange(N_PIXELS) + 0.5) / N_PIXELS)
    stretch = 1.0 / np.cos(np.radians(lat))
    cell_row = ((lat + 90.0) / step).astype(np.int32)
    east = (lon[column] * stretch[row] + 180.0) / step
    on_earth = (east >= 0) & (east < n_columns)
    south = cell_row.min()
    where = (cell_row[row] - south) * np.int32(n_columns) + east.astype(np.int32)
    where, values = where[on_earth], raw.ravel()[pixel[on_earth]]
    cells = (cell_row.max() - south + 1) * n_columns
    rows = slice(south, cell_row.max() + 1)
    total[rows] += (
        np.bincount(where, weights=values, minlength=cells).reshape(-1, n_columns).astype(np.int32)
    )
    count[rows] += np.bincount(where, minlength=cells).reshape(-1, n_columns).astype(np.int32)


def _check_tile_corners(path: Path, structure: str) -> None:
    """Raise a DataError if the corners stated in a tile do not agree with its name."""
    tile = _named_tile(path)
    upper_left = np.array([tile[0] - 18, 9 - tile[1]]) * TILE_METRES
    expected = {
        "UpperLeftPointMtrs": upper_left,
        "LowerRightMtrs": upper_left + [TILE_METRES, -TILE_METRES],
    }
    for corner, point in stated_corners(structure).items():
        if np.abs(expected[corner] - point).max() > TOLERANCE:
            found, wanted = (tuple(round(float(x)) for x in p) for p in (point, expected[corner]))
            raise DataError(path, corner, f"{found} m", f"{wanted} m, according to its name")
