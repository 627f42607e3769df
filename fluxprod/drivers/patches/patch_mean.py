"""Means of a global satellite grid over patches."""

import numpy as np
import xarray as xr

from fluxprod.core.grid import Grid, cell_area, edges
from fluxprod.drivers.patches.cover import Patches

ROWS = 90  # of the satellite grid at a time


class PatchMean:
    """Area-weighted means of a global satellite grid over patches.

    Which pixel belongs to which patch is worked out once, for a band of rows at a time; each field
    then costs two sums over its valid pixels. What a mean times the area of its pixels sums to is
    the integral over the pixels.

    Parameters
    ----------
    patches : Patches
    igbp : DataArray of int, dims (lat, lon)
        Type of each pixel of the satellite grid, south to north.
    grid : Grid
        Target.

    Attributes
    ----------
    pixel : ndarray of int32, shape (pixel,)
        Flat indices of the pixels that belong to a patch, rising.
    shape : (int, int)
        Of the satellite grid.
    """

    def __init__(self, patches: Patches, igbp: xr.DataArray, grid: Grid) -> None:
        table = _positions(patches, grid)
        lat_edges, lon_edges = edges(igbp.lat.values), edges(igbp.lon.values)
        first_row = grid.cell_of(igbp.lat.values, np.zeros(1)) // grid.shape[1]
        column = grid.cell_of(np.zeros(1), igbp.lon.values) % grid.shape[1]
        n_lat, n_lon = self.shape = igbp.sizes["lat"], igbp.sizes["lon"]
        pixel, patch, weight, largest = [], [], [], 0.0
        for start in range(0, n_lat, ROWS):
            rows = slice(start, min(start + ROWS, n_lat))
            area = cell_area(lat_edges[rows.start : rows.stop + 1], lon_edges).ravel()
            cell = (first_row[rows, None] * grid.shape[1] + column).ravel()
            kind = np.minimum(igbp.values[rows], table.shape[1] - 1).ravel()
            position = table[cell, kind]
            inside = np.flatnonzero(position >= 0)
            pixel.append((inside + start * n_lon).astype(np.int32))
            patch.append(position[inside])
            weight.append(area[inside])
            largest = max(largest, area.max())
        self.pixel, self.patch = np.concatenate(pixel), np.concatenate(patch)
        self.weight = np.concatenate(weight)
        self.weight /= largest
        self.n_patches = len(patches.cell)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Mean of the valid pixels of each patch; NaN where there is none.

        Parameters
        ----------
        values : ndarray, shape (pixel,)
            At ``pixel``; NaN where missing.

        Returns
        -------
        ndarray, shape (patch,)
        """
        valid = np.isfinite(values)
        patch, weight = self.patch[valid], self.weight[valid]
        count = np.bincount(patch, weights=weight, minlength=self.n_patches)
        weight *= values[valid]
        total = np.bincount(patch, weights=weight, minlength=self.n_patches)
        return np.divide(total, count, out=np.full(self.n_patches, np.nan), where=count > 0)


def _positions(patches: Patches, grid: Grid) -> np.ndarray:
    """Position of the patch of each cell and type, -1 where there is none; int32.

    The last column stands for all types beyond the largest that makes a patch.
    """
    key = patches.cell.astype(np.int64) * 256 + patches.pft
    assert (np.diff(key) > 0).all(), "patches are ordered by cell, then by type"
    table = np.full((np.prod(grid.shape), patches.pft.max() + 2), -1, np.int32)
    table[patches.cell, patches.pft] = np.arange(len(patches.cell), dtype=np.int32)
    return table
