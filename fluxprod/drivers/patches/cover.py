"""Patches: the parts of a target cell that are covered by one plant functional type each.

Satellite values are averaged by patch, and cell means weight the patches by their shares, following
Jung et al. (2019, doi:10.1038/s41597-019-0076-8).
"""

from typing import NamedTuple

import numpy as np

from fluxprod.core.grid import EARTH_RADIUS, Grid, great_circle


class Patches(NamedTuple):
    """All patches of the land cells, ordered by cell, then by type.

    Parameters
    ----------
    cell : ndarray of int, shape (patch,)
        Flat index of the patch's cell.
    pft : ndarray of int, shape (patch,)
        IGBP number of the patch's type.
    share : ndarray, shape (patch,)
        Share of the cell's land that the patch covers [1].
    """

    cell: np.ndarray
    pft: np.ndarray
    share: np.ndarray


def patches_of(cell: np.ndarray, pft: np.ndarray, pft_fraction: np.ndarray) -> Patches:
    """List the patches of each land cell.

    Parameters
    ----------
    cell : ndarray of int, shape (cell,)
        Flat indices of the cells, in ascending order.
    pft : ndarray of int, shape (pft,)
        IGBP numbers of the types, in ascending order.
    pft_fraction : ndarray, shape (cell, pft)
        Share of each cell's land that each type covers; rows sum to 1 [1].

    Returns
    -------
    Patches
        Patches with a share above 0.
    """
    row, column = np.nonzero(pft_fraction > 0)
    return Patches(cell[row], pft[column], pft_fraction[row, column])


def to_cells(values: np.ndarray, patches: Patches, cell: np.ndarray) -> np.ndarray:
    """Average patch values over cells, weighted by the shares of the patches that have a value.

    Parameters
    ----------
    values : ndarray, shape (patch, ...)
        Values of the patches; a patch with any NaN counts as missing.
    patches : Patches
        All patches, in the order of ``values``.
    cell : ndarray of int, shape (cell,)
        Flat indices of the cells, in ascending order.

    Returns
    -------
    ndarray, shape (cell, ...)
        Means in the unit of ``values``; NaN in cells where no patch has a value.
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


def nearest_patches(
    patches: Patches, grid: Grid, lat: np.ndarray, lon: np.ndarray, igbp: np.ndarray, reach: int
) -> list[np.ndarray]:
    """Find the patches that represent each tower.

    They are the patch of the tower's type in its own cell; failing that, the nearest patch of that
    type within ``reach`` cells; failing that, all patches of its own cell.

    Parameters
    ----------
    patches : Patches
        All patches of the land cells.
    grid : Grid
        Target grid.
    lat, lon : ndarray, shape (site,)
        Coordinates of the towers [degree_north], [degree_east].
    igbp : ndarray of int, shape (site,)
        IGBP number of each tower's type.
    reach : int
        Greatest distance, in cells at the equator.

    Returns
    -------
    list of ndarray of int
        Positions in ``patches``, one array for each tower; empty if no patch is near.
    """
    home = grid.cell_of(lat, lon)
    of_type = {number: np.flatnonzero(patches.pft == number) for number in np.unique(igbp)}
    span = np.radians(grid.resolution) * EARTH_RADIUS / 1e3
    found = []
    for site, cell in enumerate(home):
        first, end = np.searchsorted(patches.cell, [cell, cell + 1])
        same_cell = np.arange(first, end)
        matching = same_cell[patches.pft[same_cell] == igbp[site]]
        if not len(matching):
            alike = of_type[igbp[site]]
            away = great_circle(lat[site], lon[site], *grid.lat_lon_of(patches.cell[alike]))
            near = (away <= reach * span).any()
            matching = alike[[np.argmin(away)]] if near else same_cell
        found.append(matching)
    return found
