"""Folds by site: neighbouring towers share a fold, and functional types are spread evenly."""

import numpy as np
from scipy.sparse.csgraph import connected_components

from fluxprod.core.grid import great_circle


def neighbourhoods(lat: np.ndarray, lon: np.ndarray, distance: float) -> np.ndarray:
    """Number the group of each site; sites nearer than ``distance`` [km] share a group."""
    between = great_circle(lat[:, None], lon[:, None], lat[None, :], lon[None, :])
    group: np.ndarray = connected_components(between < distance, directed=False)[1]
    return group


def folds_by_site(
    lat: np.ndarray,
    lon: np.ndarray,
    n_folds: int,
    *,
    neighbour_distance: float,
    igbp: np.ndarray | None = None,
) -> np.ndarray:
    """Assign groups of neighbouring sites to folds, each to the fold where its type is rarest.

    The result depends only on the positions, types and order of the sites. The folds of Tramontana
    et al. (2016) are not public.

    Parameters
    ----------
    lat, lon : ndarray, shape (site,)
        Coordinates [degree_north], [degree_east].
    n_folds : int
        Number of folds.
    neighbour_distance : float
        Sites nearer than this share a fold [km].
    igbp : ndarray of str, shape (site,), optional
        Plant functional type of each site, spread evenly over the folds.

    Returns
    -------
    ndarray of int, shape (site,)
        Fold of each site, 0 to n_folds - 1.

    Raises
    ------
    ValueError
        If there are fewer groups than folds.
    """
    kind = np.asarray(igbp) if igbp is not None else np.full(len(lat), "")
    group = neighbourhoods(np.asarray(lat, float), np.asarray(lon, float), neighbour_distance)
    n_groups = group.max() + 1
    if n_groups < n_folds:
        raise ValueError(f"{n_groups} groups of neighbouring sites cannot fill {n_folds} folds")
    members = [np.flatnonzero(group == number) for number in range(n_groups)]
    members.sort(key=lambda sites: (-len(sites), str(kind[sites[0]]), sites[0]))
    fold = np.full(len(group), -1)
    for sites in members:
        size = np.array([np.sum(fold == k) for k in range(n_folds)])
        alike = np.array([np.sum(np.isin(kind[fold == k], kind[sites])) for k in range(n_folds)])
        rarest = np.lexsort((size, alike)) if len(sites) == 1 else np.lexsort((alike, size))
        fold[sites] = rarest[0]
    return fold
