"""Land cells on the globe: positions, areas and maps."""

from typing import NamedTuple

import numpy as np
import xarray as xr

from fluxprod.core.grid import Grid, regrid


class CellMap(NamedTuple):
    """Land cells of the target grid.

    Parameters
    ----------
    grid : Grid
        Target grid.
    cell : ndarray of int, shape (cell,)
        Flat index of each cell in the grid.
    lat, lon : ndarray, shape (cell,)
        Centres [degree_north], [degree_east].
    area : ndarray, shape (cell,)
        Land area, in any unit.
    """

    grid: Grid
    cell: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    area: np.ndarray

    @classmethod
    def of(cls, geography: xr.Dataset) -> "CellMap":
        """Take the cells from the output of the stage geography."""
        grid = Grid(180.0 / geography.sizes["lat"])
        names = ("cell", "cell_lat", "cell_lon", "land_area")
        return cls(grid, *(geography[name].values for name in names))

    def spread(self, values: np.ndarray) -> xr.DataArray:
        """Put values of cells on maps, NaN elsewhere.

        Parameters
        ----------
        values : ndarray, shape (cell,) or (cell, map)
            Values, in any unit.

        Returns
        -------
        DataArray, dims (lat, lon) or (map, lat, lon)
            Maps of the globe.
        """
        field = np.full((*values.shape[1:], self.grid.shape[0] * self.grid.shape[1]), np.nan)
        field[..., self.cell] = values.T
        maps = field.reshape(*values.shape[1:], *self.grid.shape)
        coords = {"lat": self.grid.lat, "lon": self.grid.lon}
        return xr.DataArray(maps, coords, (*("map",) * (values.ndim - 1), "lat", "lon"))

    def sample(self, field: xr.DataArray) -> np.ndarray:
        """Average a global field over each cell, dims (..., lat, lon) to shape (cell, ...)."""
        on_grid = regrid(field, self.grid).values
        flat = on_grid.reshape(*on_grid.shape[:-2], -1)[..., self.cell]
        values: np.ndarray = np.moveaxis(flat, -1, 0)
        return values

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Average over the cells by area, shape (cell, ...) to (...); NaN values do not count."""
        known = np.isfinite(values)
        weight = np.tensordot(self.area, known, 1)
        total = np.tensordot(self.area, np.where(known, values, 0.0), 1)
        mean: np.ndarray = np.divide(
            total, weight, out=np.full_like(total, np.nan), where=weight > 0.0
        )
        return mean

    def where(self, inside: np.ndarray) -> "CellMap":
        """Select cells."""
        parts = (self.cell, self.lat, self.lon, self.area)
        return CellMap(self.grid, *(each[inside] for each in parts))
