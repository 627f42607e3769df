"""Averages over a local area of fine pixels, on the cells of a global grid that it touches."""

import numpy as np

from fluxprod.core.grid import Grid, edges, overlap


class LocalArea:
    """Area-weighted means of fields over a local area; NaN pixels have no weight.

    Unlike a global regridder, it stores weights only for the cells that the area touches, and the
    area may extend across the date line.

    Parameters
    ----------
    lat : ndarray
        Latitudes of pixel centres, equally spaced, in either order [degree_north].
    lon : ndarray
        Longitudes of pixel centres, equally spaced and increasing, -180 to 180 or 0 to 360
        [degree_east].
    grid : Grid
        Target grid.

    Raises
    ------
    ValueError
        If the pixels are not equally spaced or longitudes do not increase.
    """

    def __init__(self, lat: np.ndarray, lon: np.ndarray, grid: Grid) -> None:
        south_north, west_east = edges(lat), edges(lon)
        if west_east[0] > west_east[-1]:
            raise ValueError("longitudes decrease from west to east")
        self.shape = grid.shape
        self.north_first = south_north[0] > south_north[-1]
        south_north = np.clip(np.sort(south_north), -90.0, 90.0)
        first_row, end_row = _touched(south_north + 90.0, grid.resolution)
        first, end = _touched(west_east + 180.0, grid.resolution)
        self.rows = np.arange(first_row, min(end_row, grid.shape[0]))
        self.columns = np.arange(first, end)
        target = np.append(self.columns, end) * grid.resolution - 180.0
        bands = np.sin(np.radians(grid.lat_edges[first_row : self.rows[-1] + 2]))
        self.by_lat = overlap(np.sin(np.radians(south_north)), bands)
        self.by_lon = overlap(west_east, target)

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Average a field, dims (lat, lon), onto the whole grid, with NaN outside the area."""
        values = values[::-1] if self.north_first else values
        valid = np.isfinite(values)
        total = self.by_lat @ np.where(valid, values, 0.0) @ self.by_lon.T
        weight = self.by_lat @ valid.astype(float) @ self.by_lon.T
        inside = weight > 1e-9 * weight.max(initial=0.0)
        local = np.divide(total, weight, out=np.full_like(total, np.nan), where=inside)
        globe = np.full(self.shape, np.nan)
        globe[np.ix_(self.rows, self.columns % self.shape[1])] = local
        return globe


def _touched(edge: np.ndarray, step: float) -> tuple[int, int]:
    """First and end of the intervals of width ``step`` that the increasing edges touch."""
    slack = 1e-6 * step  # because coordinates in files are rounded
    first, end = np.floor((edge[0] + slack) / step), np.ceil((edge[-1] - slack) / step)
    return int(first), int(end)
