"""Land cells of the synthetic Earth, their vegetation classes, and the place of the towers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import Grid, cell_area, overlap
from fluxprod.core.variables import IGBP

SOUTHERN_LIMIT = -60.0  # degree_north; Antarctica is left out
FULL_RECORD = 7  # longest record of a tower [yr]


@dataclass(frozen=True)
class Land:
    """Cells of the target grid with ice-free land, and the patches and sub-cells within them.

    A patch is the part of a cell that one class covers; a sub-cell is a cell of the satellite grid.

    Parameters
    ----------
    grid, subgrid : Grid
        The target grid, and the satellite grid with half its cell size.
    igbp : ndarray of int, shape (lat, lon)
        Class of each cell of ``subgrid``, south to north.
    cell : ndarray of int, shape (cell,)
        Flat index of each land cell in ``grid``, in ascending order.
    land_fraction : ndarray, shape (cell,)
        Share of ice-free land in the whole cell [1].
    cell_area : ndarray, shape (cell,)
        Area of the whole cell [m2].
    patch_cell : ndarray of int, shape (patch,)
        Position in ``cell`` of the cell of each patch, in ascending order.
    patch_igbp : ndarray of int, shape (patch,)
        Class of each patch.
    patch_share : ndarray, shape (patch,)
        Share of the patch in the land of its cell [1].
    sub_flat : ndarray of int, shape (sub-cell,)
        Flat index of each land sub-cell in ``subgrid``.
    sub_patch : ndarray of int, shape (sub-cell,)
        Patch to which each land sub-cell belongs.
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
        """Area of ice-free land in each cell, shape (cell,) [m2]."""
        return np.asarray(self.cell_area * self.land_fraction)

    @property
    def patch_area(self) -> np.ndarray:
        """Area of each patch, shape (patch,) [m2]."""
        return np.asarray(self.land_area[self.patch_cell] * self.patch_share)

    @property
    def lat_lon(self) -> tuple[np.ndarray, np.ndarray]:
        """Latitude and longitude of the centre of each land cell, shape (cell,) [degree]."""
        return self.grid.lat_lon_of(self.cell)

    def cell_mean(self, of_patches: np.ndarray) -> np.ndarray:
        """Average over the land of each cell, (..., patch) to (..., cell)."""
        first = np.searchsorted(self.patch_cell, np.arange(len(self.cell)))
        return np.asarray(np.add.reduceat(of_patches * self.patch_share, first, axis=-1))

    def on_grid(self, of_cells: np.ndarray, fill: float = np.nan) -> np.ndarray:
        """Put values (..., cell) on the whole target grid (..., lat, lon), south to north."""
        whole = np.full((*of_cells.shape[:-1], np.prod(self.grid.shape)), fill)
        whole[..., self.cell] = of_cells
        return whole.reshape(*of_cells.shape[:-1], *self.grid.shape)

    def on_subgrid(self, of_patches: np.ndarray, fill: float = 0.0) -> np.ndarray:
        """Put values (..., patch) on the whole satellite grid (..., lat, lon), south to north."""
        whole = np.full((*of_patches.shape[:-1], np.prod(self.subgrid.shape)), fill)
        whole[..., self.sub_flat] = of_patches[..., self.sub_patch]
        return whole.reshape(*of_patches.shape[:-1], *self.subgrid.shape)


def majority_class(pixels: xr.DataArray, grid: Grid) -> np.ndarray:
    """Find the class of each cell: water where most of the cell is water.

    Elsewhere it is the most common class of the land, or the lower number if two are equally
    common.

    Parameters
    ----------
    pixels : DataArray, dims (igbp, lat, lon)
        Number of pixels of each class in each cell of another grid, finer or coarser.
    grid : Grid
        Target grid.

    Returns
    -------
    ndarray of int, shape (lat, lon)
        IGBP class, south to north.
    """
    side = Grid(180.0 / pixels.sizes["lat"])
    rows = overlap(side.lat_edges, grid.lat_edges)
    columns = overlap(side.lon_edges, grid.lon_edges)
    share = rows @ pixels.values.astype(float) @ columns.T
    share = np.round(share / share.sum(axis=0), 6)
    return np.where(share[0] > 0.5, 0, 1 + share[1:].argmax(axis=0))


def make_land(pixels: xr.DataArray, resolution: float) -> Land:
    """Make the land of a world from the reference land cover.

    Parameters
    ----------
    pixels : DataArray, dims (igbp, lat, lon)
        Number of pixels of each class in each cell of the reference grid.
    resolution : float
        Cell size of the target grid [degree].
    """
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
    """Assign each tower with at least two years of data in the period to the nearest land cell.

    Parameters
    ----------
    towers : DataFrame
        Columns site, lat, lon, igbp, first_year, last_year and source.
    land : Land
        Land cells.
    years : range
        Years of the world.

    Returns
    -------
    DataFrame
        The towers by site, with ``cell`` (position in ``land.cell``) and ``number`` (IGBP class).
        Their years are limited to those of the world and to seven in all.
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
    ordered: pd.DataFrame = placed.sort_values("site").reset_index(drop=True)
    return ordered
