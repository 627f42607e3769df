"""Patches: the part of a target cell that one plant functional type covers.

Satellite values are kept by patch and brought to the cell by the patches' shares, following
Jung et al. (2019, doi:10.1038/s41597-019-0076-8).
"""

from typing import NamedTuple

import numpy as np
import xarray as xr

from fluxprod.grid import EARTH_RADIUS, Grid, cell_area, edges, great_circle


class Patches(NamedTuple):
    """All patches of the land cells, ordered by cell, then by type.

    Parameters
    ----------
    cell : ndarray of int, shape (patch,)
        Flat index of the patch's cell.
    pft : ndarray of int, shape (patch,)
        IGBP number of its type.
    share : ndarray, shape (patch,)
        Of the cell's land [1].
    """

    cell: np.ndarray
    pft: np.ndarray
    share: np.ndarray


def patches_of(cell: np.ndarray, pft: np.ndarray, pft_fraction: np.ndarray) -> Patches:
    """List the patches of each land cell.

    Parameters
    ----------
    cell : ndarray of int, shape (cell,)
    pft : ndarray of int, shape (pft,)
    pft_fraction : ndarray, shape (cell, pft)
        Rows sum to 1.
    """
    row, column = np.nonzero(pft_fraction > 0)
    return Patches(cell[row], pft[column], pft_fraction[row, column])


class PatchMean:
    """Area-weighted means of a global satellite grid over patches.

    Which pixel belongs to which patch is worked out once; each field then costs two sums.

    Parameters
    ----------
    patches : Patches
    igbp : DataArray of int, dims (lat, lon)
        Type of each pixel of the satellite grid.
    grid : Grid
        Target.
    """

    def __init__(self, patches: Patches, igbp: xr.DataArray, grid: Grid) -> None:
        lat, lon = np.meshgrid(igbp.lat.values, igbp.lon.values, indexing="ij")
        key = _key(grid.cell_of(lat.ravel(), lon.ravel()), igbp.values.ravel())
        known = _key(patches.cell, patches.pft)
        assert (np.diff(known) > 0).all(), "patches are ordered by cell, then by type"
        position = np.searchsorted(known, key)
        inside = position < len(known)
        inside[inside] = known[position[inside]] == key[inside]
        self.pixel = np.flatnonzero(inside)
        self.patch = position[self.pixel]
        area = cell_area(edges(igbp.lat.values), edges(igbp.lon.values)).ravel()
        self.weight = area[self.pixel] / area.max()
        self.n_patches = len(known)

    def __call__(self, field: np.ndarray) -> np.ndarray:
        """Mean of the valid pixels of each patch; NaN where there is none.

        Parameters
        ----------
        field : ndarray, shape (lat, lon)
            South to north, as the land cover; NaN where missing.

        Returns
        -------
        ndarray, shape (patch,)
        """
        values = field.ravel()[self.pixel]
        valid = np.isfinite(values)
        weight = np.where(valid, self.weight, 0.0)
        weighted = np.where(valid, values, 0.0) * weight
        total = np.bincount(self.patch, weights=weighted, minlength=self.n_patches)
        count = np.bincount(self.patch, weights=weight, minlength=self.n_patches)
        return np.divide(total, count, out=np.full(self.n_patches, np.nan), where=count > 0)


def _key(cell: np.ndarray, pft: np.ndarray) -> np.ndarray:
    return cell.astype(np.int64) * 256 + pft


def to_cells(values: np.ndarray, patches: Patches, cell: np.ndarray) -> np.ndarray:
    """Bring patch values to cells by the shares of the patches that have a value.

    Parameters
    ----------
    values : ndarray, shape (patch, ...)
        A patch is missing as a whole where any value is NaN.
    patches : Patches
    cell : ndarray of int, shape (cell,)
        Flat indices, rising.

    Returns
    -------
    ndarray, shape (cell, ...)
        NaN where no patch of a cell has a value.
    """
    flat = values.reshape(len(values), -1)
    present = np.isfinite(flat).all(axis=1)
    row = np.searchsorted(cell, patches.cell[present])
    share = patches.share[present]
    total = np.zeros((len(cell), flat.shape[1]))
    np.add.at(total, row, flat[present] * share[:, None])
    weight = np.bincount(row, weights=share, minlength=len(cell))
    total[weight == 0] = np.nan
    mean = total / np.where(weight > 0, weight, 1.0)[:, None]
    return mean.reshape(len(cell), *values.shape[1:])


def too_sparse(values: np.ndarray, max_gap: float) -> np.ndarray:
    """Patches whose series misses a larger share of composites than allowed, shape (patch,)."""
    return np.isnan(values).mean(axis=1) > max_gap


def filled_from_nearest(series: np.ndarray, patches: Patches, grid: Grid) -> np.ndarray:
    """Give a patch without any value the series of the nearest patch of its type.

    Parameters
    ----------
    series : ndarray, shape (patch, composite)
        All NaN where a patch has no usable composites.
    patches : Patches
    grid : Grid

    Returns
    -------
    ndarray, shape (patch, composite)
        All NaN only where no patch of a type has a value.
    """
    filled = series.copy()
    empty = np.isnan(series).all(axis=1)
    lat, lon = grid.lat_lon_of(patches.cell)
    for patch in np.flatnonzero(empty):
        donors = np.flatnonzero(~empty & (patches.pft == patches.pft[patch]))
        if len(donors):
            away = great_circle(lat[patch], lon[patch], lat[donors], lon[donors])
            filled[patch] = series[donors[away.argmin()]]
    return filled


def nearest_patches(
    patches: Patches, grid: Grid, lat: np.ndarray, lon: np.ndarray, igbp: np.ndarray, reach: int
) -> list[np.ndarray]:
    """Patches that stand for each tower.

    The patch of the tower's type in its cell; else that type's patch in the nearest cell at most
    ``reach`` cells away; else all patches of its cell.

    Parameters
    ----------
    patches : Patches
    grid : Grid
    lat, lon : ndarray, shape (site,)
        [degree_north], [degree_east]
    igbp : ndarray of int, shape (site,)
    reach : int

    Returns
    -------
    list of ndarray of int
        Positions in ``patches``; empty where nothing is near.
    """
    patch_lat, patch_lon = grid.lat_lon_of(patches.cell)
    home = grid.cell_of(lat, lon)
    found = []
    span = np.radians(grid.resolution) * EARTH_RADIUS / 1e3
    for site, cell in enumerate(home):
        distance = great_circle(lat[site], lon[site], patch_lat, patch_lon)
        near = (patches.pft == igbp[site]) & (distance <= reach * span)
        same_cell = np.flatnonzero(patches.cell == cell)
        matching = same_cell[patches.pft[same_cell] == igbp[site]]
        if len(matching):
            found.append(matching)
        elif near.any():
            found.append(np.flatnonzero(near)[[np.argmin(distance[near])]])
        else:
            found.append(same_cell)
    return found
