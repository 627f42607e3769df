"""Folds within folds: what is chosen for a scored fold never sees it."""

import numpy as np

from fluxprod.towers.folds import folds_by_site

SCORED = -1


def nested_folds(
    lat: np.ndarray,
    lon: np.ndarray,
    igbp: np.ndarray,
    fold: np.ndarray,
    n_inner: int,
    *,
    neighbour_distance: float,
) -> np.ndarray:
    """Split the training sites of each fold once more, by the same rule.

    Parameters
    ----------
    lat, lon : ndarray, shape (site,)
        [degree_north], [degree_east]
    igbp : ndarray of str, shape (site,)
    fold : ndarray of int, shape (site,)
        Outer folds, 0 to n - 1.
    n_inner : int
    neighbour_distance : float
        Sites nearer than this share a fold [km].

    Returns
    -------
    ndarray of int, shape (fold, site)
        Inner fold of each site, -1 for the sites of the scored fold itself.
    """
    inner = np.full((fold.max() + 1, len(fold)), SCORED)
    for number, row in enumerate(inner):
        sites = np.flatnonzero(fold != number)
        row[sites] = folds_by_site(
            lat[sites], lon[sites], n_inner, neighbour_distance=neighbour_distance, igbp=igbp[sites]
        )
    return inner
