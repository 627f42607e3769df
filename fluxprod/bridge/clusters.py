"""Clusters of cells with like seasons, the strata of the random candidates."""

import numpy as np
from sklearn.cluster import SpectralClustering
from threadpoolctl import threadpool_limits

from fluxprod.bridge.similarity import affinity, dtw_distances


def number_of_clusters(n_cells: int, *, n_clusters: int, members: int) -> int:
    """At most ``n_clusters``, and so few that a mean cluster fills its share of candidates."""
    return max(1, min(n_clusters, n_cells // members))


def relabelled(label: np.ndarray) -> np.ndarray:
    """The same clusters, numbered in the order in which they first occur.

    >>> relabelled(np.array([5, 2, 2, 5, 9]))
    array([0, 1, 1, 0, 2], dtype=int16)
    """
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return rank[inverse].astype(np.int16)


def spectral_clusters(
    cycle: np.ndarray, n_clusters: int, *, seed: int, threads: int = 1
) -> np.ndarray:
    """Cluster cells by dynamic time warping of their seasonal cycles, then spectrally.

    Parameters
    ----------
    cycle : ndarray, shape (cell, step)
        Mean seasonal cycles [g m-2 d-1].
    n_clusters : int
        Wanted; one gives all cells the label 0.
    seed : int
        Of the eigensolver's start and of k-means.
    threads : int
        Of the distances; the small matrices of k-means only lose by a second one.

    Returns
    -------
    ndarray of int16, shape (cell,)
        Labels 0, 1, ... in the order of their first occurrence.
    """
    if n_clusters == 1:
        return np.zeros(len(cycle), dtype=np.int16)
    likeness = affinity(dtw_distances(cycle, threads=threads))
    model = SpectralClustering(n_clusters, affinity="precomputed", random_state=seed)
    with threadpool_limits(1):
        return relabelled(model.fit_predict(likeness))
