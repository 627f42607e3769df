"""Countries rasterised to a fine grid by the centres of its cells."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from fluxprod.core.grid import Grid

SEA = -1
SHIFTS = (-360.0, 0.0, 360.0)  # degree: areas beyond the date line appear on the other side


def country_raster(areas: Sequence[MultiPolygon], grid: Grid) -> np.ndarray:
    """Find the area that contains the centre of each cell.

    Parameters
    ----------
    areas : sequence of MultiPolygon
        Longitude and latitude [degree]; where two areas overlap, the later one counts.
    grid : Grid
        Grid fine enough to resolve the smallest country that matters.

    Returns
    -------
    ndarray of int16, shape (lat, lon)
        Position in ``areas``; -1 outside all of them.
    """
    raster = np.full(grid.shape, SEA, np.int16)
    for number, area in enumerate(areas):
        for polygon in area.geoms:
            for shift in SHIFTS:
                _burn(raster, grid, polygon, number, shift)
    return raster


def _burn(
    raster: np.ndarray, grid: Grid, polygon: shapely.Polygon, number: int, shift: float
) -> None:
    """Write the number into the cells of one polygon, searching only its bounding box."""
    west, south, east, north = polygon.bounds
    rows = slice(*np.searchsorted(grid.lat, [south, north]))
    columns = slice(*np.searchsorted(grid.lon, [west + shift, east + shift]))
    lon, lat = np.meshgrid(grid.lon[columns] - shift, grid.lat[rows])
    if lon.size:
        shapely.prepare(polygon)
        raster[rows, columns][shapely.contains_xy(polygon, lon, lat)] = number
