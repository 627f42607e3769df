"""Donors: the patches whose series replace unusable ones."""

import numpy as np
from scipy.spatial import cKDTree

from fluxprod.core.grid import EARTH_RADIUS, Grid
from fluxprod.drivers.patches.cover import Patches

TIE = 1e-3  # km; smaller differences in distance are rounding errors, and count as a tie


def too_sparse(missing: np.ndarray, max_gap: float) -> np.ndarray:
    """Find patches whose series lack more composites than allowed, or all composites.

    Parameters
    ----------
    missing : ndarray of bool, shape (composite, patch)
        Whether each composite is missing.
    max_gap : float
        Largest share of composites that may be missing [1].

    Returns
    -------
    ndarray of bool, shape (patch,)
        Whether each series is unusable.
    """
    count = np.count_nonzero(missing, axis=0)
    sparse: np.ndarray = (count / len(missing) > max_gap) | (count == len(missing))
    return sparse


def nearest_donors(empty: np.ndarray, patches: Patches, grid: Grid) -> np.ndarray:
    """Find the nearest patch of the same type with a series for each patch without one.

    Of several patches at the same distance, the first one is taken.

    Parameters
    ----------
    empty : ndarray of bool, shape (patch,)
        Whether each patch needs a series.
    patches : Patches
        All patches.
    grid : Grid
        Target grid.

    Returns
    -------
    ndarray of int, shape (patch,)
        Position of the donor, or of the patch itself if it has a series or if no patch of its type
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
    """Find the first of the points that are nearest to each wanted point, shape (wanted,)."""
    tree = cKDTree(points)
    away, _ = tree.query(wanted)
    # these distances are chords, which are shorter than arcs: the tolerance covers ties by arc, too
    near = tree.query_ball_point(wanted, away + TIE / (EARTH_RADIUS / 1e3))
    return np.array([min(positions) for positions in near])


def _unit_vectors(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Convert coordinates [degree] to points on the unit sphere, shape (n, 3)."""
    lat, lon = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
