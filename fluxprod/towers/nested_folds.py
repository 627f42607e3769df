"""Folds within folds, so that no choice made for a scored fold depends on its sites."""

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
    """Split the training sites of each outer fold into inner folds, by the rule of the outer ones.

    Parameters
    ----------
    lat, lon : ndarray, shape (site,)
        Coordinates [degree_north], [degree_east].
    igbp : ndarray of str, shape (site,)
        Plant functional type of each site.
    fold : ndarray of int, shape (site,)
        Outer fold of each site, 0 to n - 1.
    n_inner : int
        Number of inner folds.
    neighbour_distance : float
        Sites nearer than this share a fold [km].

    Returns
    -------
    ndarray of int, shape (fold, site)
        Inner fold of each site for each outer fold, -1 for the sites of the outer fold itself.

    Raises
    ------
    ValueError
        If there are fewer groups of neighbouring sites than inner folds.
    """
    inner = np.full((fold.max() + 1, len(fold)), SCORED)
    for number, row in enumerate(inner):
        sites = np.flatnonzero(fold != number)
        row[sites] = folds_by_site(
            lat[sites], lon[sites], n_inner, neighbour_distance=neighbour_distance, igbp=igbp[sites]
        )
    return inner
