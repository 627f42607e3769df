"""Means of a global satellite grid over patches."""

import numpy as np
import xarray as xr

from fluxprod.core.grid import Grid, cell_area, edges
from fluxprod.drivers.patches.cover import Patches

ROWS = 90  # rows of the satellite grid that are held at a time


class PatchMean:
    """Area-weighted means of a global satellite grid over patches.

    The patch of each pixel is determined once, for a band of rows at a time; each field then costs
    two sums over its valid pixels. The means conserve the integral: multiplied by the areas of
    their valid pixels, they add up to the integral of the field over those pixels.

    Parameters
    ----------
    patches : Patches
        Patches, ordered by cell, then by type.
    igbp : DataArray of int, dims (lat, lon)
        Type of each pixel of the satellite grid, from south to north.
    grid : Grid
        Target grid.

    Attributes
    ----------
    pixel : ndarray of int32, shape (pixel,)
        Flat indices of the pixels that belong to a patch, in ascending order.
    shape : (int, int)
        Shape of the satellite grid.
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
        """Average the valid pixels of each patch.

        Parameters
        ----------
        values : ndarray, shape (pixel,)
            Field at the pixels listed in ``pixel``; NaN where missing.

        Returns
        -------
        ndarray, shape (patch,)
            Means in the unit of ``values``; NaN for patches without a valid pixel.
        """
        valid = np.isfinite(values)
        patch, weight = self.patch[valid], self.weight[valid]
        count = np.bincount(patch, weights=weight, minlength=self.n_patches)
        weight *= values[valid]
        total = np.bincount(patch, weights=weight, minlength=self.n_patches)
        mean: np.ndarray = np.full(self.n_patches, np.nan)
        np.divide(total, count, out=mean, where=count > 0)
        return mean


def _positions(patches: Patches, grid: Grid) -> np.ndarray:
    """Tabulate the position of each patch by cell and type, with -1 where there is no patch.

    The last column stands for all types whose numbers exceed the largest among the patches.
    """
    key = patches.cell.astype(np.int64) * 256 + patches.pft
    assert (np.diff(key) > 0).all(), "patches are ordered by cell, then by type"
    table = np.full((np.prod(grid.shape), patches.pft.max() + 2), -1, np.int32)
    table[patches.cell, patches.pft] = np.arange(len(patches.cell), dtype=np.int32)
    return table
