"""Clusters of cells with like seasons, the strata of the random candidates."""

import numpy as np
from sklearn.cluster import k_means
from sklearn.utils import check_random_state
from threadpoolctl import threadpool_limits

from fluxprod.bridge.similarity import affinity, dtw_distances
from fluxprod.bridge.spectral_embedding import spectral_embedding


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

    Spectral clustering as in scikit-learn's `SpectralClustering`, with its labels.

    Parameters
    ----------
    cycle : ndarray, shape (cell, step)
        Mean seasonal cycles [g m-2 d-1].
    n_clusters : int
        Wanted; one gives all cells the label 0, as many as there are cells each its own.
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
    if n_clusters >= len(cycle):
        return np.arange(len(cycle), dtype=np.int16)
    random = check_random_state(seed)  # drawn from in the order of scikit-learn's own class
    start = random.uniform(-1.0, 1.0, len(cycle))
    with threadpool_limits(1):
        likeness = affinity(dtw_distances(cycle, threads=threads))
        place = spectral_embedding(likeness, n_clusters, start=start)
        _, label, _ = k_means(place, n_clusters, n_init=10, random_state=random)
    return relabelled(label)
