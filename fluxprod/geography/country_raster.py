"""Which country the cells of a fine grid lie in, by their centres."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from fluxprod.core.grid import Grid

SEA = -1
TURNS = (-360.0, 0.0, 360.0)  # degree: what lies beyond the date line shows on the other side


def country_raster(areas: Sequence[MultiPolygon], grid: Grid) -> np.ndarray:
    """Number of the area that holds the centre of each cell.

    Parameters
    ----------
    areas : sequence of MultiPolygon
        Longitude and latitude [degree]; where two overlap, the later counts.
    grid : Grid
        Fine enough for a country to have cells.

    Returns
    -------
    ndarray of int16, shape (lat, lon)
        Position in ``areas``, -1 where there is none.
    """
    raster = np.full(grid.shape, SEA, np.int16)
    for number, area in enumerate(areas):
        for polygon in area.geoms:
            for turn in TURNS:
                _burn(raster, grid, polygon, number, turn)
    return raster


def _burn(
    raster: np.ndarray, grid: Grid, polygon: shapely.Polygon, number: int, turn: float
) -> None:
    """Number the cells of one polygon; only those of its bounding box are looked at."""
    west, south, east, north = polygon.bounds
    rows = slice(*np.searchsorted(grid.lat, [south, north]))
    columns = slice(*np.searchsorted(grid.lon, [west + turn, east + turn]))
    lon, lat = np.meshgrid(grid.lon[columns] - turn, grid.lat[rows])
    if lon.size:
        shapely.prepare(polygon)
        raster[rows, columns][shapely.contains_xy(polygon, lon, lat)] = number
