"""A local area of fine pixels, averaged onto the cells of a global grid that it touches."""

import numpy as np

from fluxprod.core.grid import Grid, edges, overlap


class LocalArea:
    """Area-weighted means of fields of an area; NaN pixels carry no weight.

    Unlike a regridder of the globe it holds weights of the touched cells alone, and the area may
    lie across the date line.

    Parameters
    ----------
    lat, lon : ndarray
        Pixel centres, equally spaced; latitudes either way, longitudes rising, -180 to 180 or 0 to
        360 [degree_north, degree_east].
    grid : Grid
        Target.

    Raises
    ------
    ValueError
        If the pixels are not equally spaced or longitudes do not rise.
    """

    def __init__(self, lat: np.ndarray, lon: np.ndarray, grid: Grid) -> None:
        south_north, west_east = edges(lat), edges(lon)
        if west_east[0] > west_east[-1]:
            raise ValueError("longitudes fall from west to east")
        self.shape = grid.shape
        self.turned = south_north[0] > south_north[-1]
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
        """Average a field (lat, lon) of the area onto the whole grid, NaN outside the area."""
        values = values[::-1] if self.turned else values
        valid = np.isfinite(values)
        total = self.by_lat @ np.where(valid, values, 0.0) @ self.by_lon.T
        weight = self.by_lat @ valid.astype(float) @ self.by_lon.T
        inside = weight > 1e-9 * weight.max(initial=0.0)
        local = np.divide(total, weight, out=np.full_like(total, np.nan), where=inside)
        globe = np.full(self.shape, np.nan)
        globe[np.ix_(self.rows, self.columns % self.shape[1])] = local
        return globe


def _touched(edge: np.ndarray, step: float) -> tuple[int, int]:
    """First and end of the intervals of a step that rising edges reach into."""
    slack = 1e-6 * step  # coordinates are rounded in files
    first, end = np.floor((edge[0] + slack) / step), np.ceil((edge[-1] - slack) / step)
    return int(first), int(end)
