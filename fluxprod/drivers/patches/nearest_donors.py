"""Patches without a usable series, and the patches that lend them theirs."""

import numpy as np
from scipy.spatial import cKDTree

from fluxprod.core.grid import EARTH_RADIUS, Grid
from fluxprod.drivers.patches.cover import Patches

TIE = 1e-3  # km; donors as near as this are equally near, whatever the last bit of their distance


def too_sparse(missing: np.ndarray, max_gap: float) -> np.ndarray:
    """Patches whose series misses a larger share of composites than allowed, or all.

    Parameters
    ----------
    missing : ndarray of bool, shape (composite, patch)
    max_gap : float
        [1]

    Returns
    -------
    ndarray of bool, shape (patch,)
    """
    count = np.count_nonzero(missing, axis=0)
    return (count / len(missing) > max_gap) | (count == len(missing))


def nearest_donors(empty: np.ndarray, patches: Patches, grid: Grid) -> np.ndarray:
    """Nearest patch of the same type for each patch without a series.

    The first of those that are equally near.

    Parameters
    ----------
    empty : ndarray of bool, shape (patch,)
        Patches that need a series.
    patches : Patches
    grid : Grid

    Returns
    -------
    ndarray of int, shape (patch,)
        Position of the donor; of the patch itself where it has a series, or no patch of its type
        has one.
    """
    donor = np.arange(len(empty))
    point = _unit_vectors(*grid.lat_lon_of(patches.cell))
    for number in np.unique(patches.pft[empty]):
        of_type = patches.pft == number
        donors, needy = np.flatnonzero(of_type & ~empty), np.flatnonzero(of_type & empty)
        if len(donors):
            donor[needy] = donors[_first_nearest(point[donors], point[needy])]
    return donor


def _first_nearest(points: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Position of the first of the points that are nearest to each wanted one, shape (wanted,)."""
    tree = cKDTree(points)
    away, _ = tree.query(wanted)
    # a chord is shorter than its arc, so that a tie by arc is within the same slack by chord
    near = tree.query_ball_point(wanted, away + TIE / (EARTH_RADIUS / 1e3))
    return np.array([min(positions) for positions in near])


def _unit_vectors(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Points on the unit sphere, shape (n, 3)."""
    lat, lon = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
