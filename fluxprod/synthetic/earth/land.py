"""Where the synthetic Earth's land is, what grows there, and who measures it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import Grid, cell_area, overlap
from fluxprod.core.variables import IGBP

SOUTHERN_LIMIT = -60.0  # degree_north: no land counts south of it (Antarctica)
FULL_RECORD = 7  # a tower's longest record [yr]


@dataclass(frozen=True)
class Land:
    """Cells of the target grid with ice-free land, their patches of one class, and sub-cells.

    Parameters
    ----------
    grid, subgrid : Grid
        The target grid and the satellites' grid of half its cell size.
    igbp : ndarray of int, (lat, lon) of ``subgrid``
        Class of each sub-cell, south to north.
    cell : ndarray of int, (cell,)
        Flat index of each land cell in ``grid``, rising.
    land_fraction, cell_area : ndarray, (cell,)
        Share of ice-free land [1] and area of the whole cell [m2].
    patch_cell, patch_igbp, patch_share : ndarray, (patch,)
        Position of a patch's cell in ``cell`` (rising), its class, its share of the cell's land.
    sub_flat, sub_patch : ndarray of int, (sub-cell,)
        Flat index of each land sub-cell in ``subgrid``, and the patch it belongs to.
    """

    grid: Grid
    subgrid: Grid
    igbp: np.ndarray
    cell: np.ndarray
    land_fraction: np.ndarray
    cell_area: np.ndarray
    patch_cell: np.ndarray
    patch_igbp: np.ndarray
    patch_share: np.ndarray
    sub_flat: np.ndarray
    sub_patch: np.ndarray

    @property
    def land_area(self) -> np.ndarray:
        """Ice-free land of each cell [m2]."""
        return self.cell_area * self.land_fraction

    @property
    def patch_area(self) -> np.ndarray:
        """Area of each patch [m2]."""
        return self.land_area[self.patch_cell] * self.patch_share

    @property
    def lat_lon(self) -> tuple[np.ndarray, np.ndarray]:
        """Centre of each land cell [degree]."""
        return self.grid.lat_lon_of(self.cell)

    def cell_mean(self, of_patches: np.ndarray) -> np.ndarray:
        """Mean over each cell's land, (..., patch) to (..., cell)."""
        first = np.searchsorted(self.patch_cell, np.arange(len(self.cell)))
        return np.add.reduceat(of_patches * self.patch_share, first, axis=-1)

    def on_grid(self, of_cells: np.ndarray, fill: float = np.nan) -> np.ndarray:
        """Spread (..., cell) to the whole target grid (..., lat, lon), south to north."""
        whole = np.full((*of_cells.shape[:-1], np.prod(self.grid.shape)), fill)
        whole[..., self.cell] = of_cells
        return whole.reshape(*of_cells.shape[:-1], *self.grid.shape)

    def on_subgrid(self, of_patches: np.ndarray, fill: float = 0.0) -> np.ndarray:
        """Spread (..., patch) to the sub-cells (..., lat, lon), south to north."""
        whole = np.full((*of_patches.shape[:-1], np.prod(self.subgrid.shape)), fill)
        whole[..., self.sub_flat] = of_patches[..., self.sub_patch]
        return whole.reshape(*of_patches.shape[:-1], *self.subgrid.shape)


def majority_class(pixels: xr.DataArray, grid: Grid) -> np.ndarray:
    """Class of each cell, (lat, lon), south to north: water where most of it is water.

    Elsewhere the commonest class of its land, the lower number on a tie.

    Parameters
    ----------
    pixels : DataArray, (igbp, lat, lon)
        Pixels of each class in each cell of a finer or coarser grid.
    """
    side = Grid(180.0 / pixels.sizes["lat"])
    rows = overlap(side.lat_edges, grid.lat_edges)
    columns = overlap(side.lon_edges, grid.lon_edges)
    share = rows @ pixels.values.astype(float) @ columns.T
    share = np.round(share / share.sum(axis=0), 6)
    return np.where(share[0] > 0.5, 0, 1 + share[1:].argmax(axis=0))


def make_land(pixels: xr.DataArray, resolution: float) -> Land:
    """Land of a world at a resolution [degree] from the reference land cover."""
    grid, subgrid = Grid(resolution), Grid(resolution / 2.0)
    igbp = majority_class(pixels, subgrid)
    igbp[subgrid.lat < SOUTHERN_LIMIT] = 0
    sub_flat = np.flatnonzero(np.isin(igbp, list(IGBP)).ravel())
    sub_class = igbp.ravel()[sub_flat]
    area = cell_area(subgrid.lat_edges, subgrid.lon_edges).ravel()[sub_flat]
    home = grid.cell_of(*subgrid.lat_lon_of(sub_flat))
    key, sub_patch = np.unique(home * 100 + sub_class, return_inverse=True)
    patch_area = np.bincount(sub_patch, area)
    cell, patch_cell = np.unique(key // 100, return_inverse=True)
    land_area = np.bincount(patch_cell, patch_area)
    whole = cell_area(grid.lat_edges, grid.lon_edges).ravel()[cell]
    return Land(
        grid=grid,
        subgrid=subgrid,
        igbp=igbp,
        cell=cell,
        land_fraction=land_area / whole,
        cell_area=whole,
        patch_cell=patch_cell,
        patch_igbp=key % 100,
        patch_share=patch_area / land_area[patch_cell],
        sub_flat=sub_flat,
        sub_patch=sub_patch,
    )


def place_towers(towers: pd.DataFrame, land: Land, years: range) -> pd.DataFrame:
    """Towers that measure for two years or more of the world, in the land cell nearest to them.

    Parameters
    ----------
    towers : DataFrame
        Columns site, lat, lon, igbp, first_year, last_year, source.

    Returns
    -------
    DataFrame
        With ``cell`` (position in ``land.cell``), ``number`` (of the IGBP class) and the years
        clipped to the world's and to seven.
    """
    first = towers.first_year.clip(lower=years[0])
    last = np.minimum(towers.last_year.clip(upper=years[-1]), first + FULL_RECORD - 1)
    placed = towers.assign(first_year=first, last_year=last)[last - first >= 1]
    number = {name: code for code, name in IGBP.items()}
    lat, lon = land.lat_lon
    steps = (
        np.abs(placed.lat.to_numpy()[:, None] - lat),
        np.abs((placed.lon.to_numpy()[:, None] - lon + 180.0) % 360.0 - 180.0),
    )
    cell = (steps[0] ** 2 + steps[1] ** 2).argmin(axis=1)
    placed = placed.assign(cell=cell, number=placed.igbp.map(number))
    return placed.sort_values("site").reset_index(drop=True)
