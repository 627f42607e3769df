"""Plant functional types as drivers: the share of land that each group of IGBP classes covers."""

import numpy as np

from fluxprod.core.variables import IGBP, PFT_GROUPS
from fluxprod.drivers.patches.cover import Patches


def cell_shares(patches: Patches, cell: np.ndarray) -> dict[str, np.ndarray]:
    """Add up the shares of the patches of each group.

    Parameters
    ----------
    patches : Patches
        Patches of these cells.
    cell : ndarray of int, shape (cell,)
        Flat indices of the cells, in ascending order.

    Returns
    -------
    dict of ndarray, shape (cell,)
        Share of the cell's land by driver of `PFT_GROUPS` [1].
    """
    code, row = _codes(patches.pft), np.searchsorted(cell, patches.cell)
    return {
        name: np.bincount(row, patches.share * np.isin(code, group), minlength=len(cell))
        for name, group in PFT_GROUPS.items()
    }


def tower_shares(igbp: np.ndarray) -> dict[str, np.ndarray]:
    """Give each tower the whole of its own class.

    Parameters
    ----------
    igbp : ndarray of str, shape (site,)
        IGBP codes of the towers, such as ``ENF``.

    Returns
    -------
    dict of ndarray, shape (site,)
        1 for the driver of the tower's class, else 0; 0 for all drivers if the class has none [1].
    """
    return {name: np.isin(igbp, group).astype(float) for name, group in PFT_GROUPS.items()}


def _codes(pft: np.ndarray) -> np.ndarray:
    """IGBP codes of IGBP numbers."""
    return np.array([IGBP[number] for number in pft.tolist()], "U3")
