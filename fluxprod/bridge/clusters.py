"""Clusters of cells with similar seasonal cycles, the strata of the random candidates."""

import numpy as np
from sklearn.cluster import k_means
from sklearn.utils import check_random_state
from threadpoolctl import threadpool_limits

from fluxprod.bridge.similarity import affinity, dtw_distances, isolated
from fluxprod.bridge.spectral_embedding import spectral_embedding


def number_of_clusters(n_cells: int, *, n_clusters: int, members: int) -> int:
    """At most ``n_clusters``, and few enough that clusters have ``members`` cells on average."""
    return max(1, min(n_clusters, n_cells // members))


def relabelled(label: np.ndarray) -> np.ndarray:
    """The same clusters, numbered from 0 in the order of their first cells.

    >>> relabelled(np.array([5, 2, 2, 5, 9]))
    array([0, 1, 1, 0, 2], dtype=int16)
    """
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return rank[inverse].astype(np.int16)


def spectral_clusters(
    cycle: np.ndarray, n_clusters: int, *, seed: int, threads: int = 1
) -> np.ndarray:
    """Spectral clustering of cells by dynamic time warping of their seasonal cycles.

    The partition is that of scikit-learn's `SpectralClustering`, except that cells that resemble no
    other form one more cluster; see docs/decisions/0027-isolated-cells.md.

    Parameters
    ----------
    cycle : ndarray, shape (cell, step)
        Mean seasonal cycles [g m-2 d-1].
    n_clusters : int
        Number of clusters; with one all cells have the label 0. If there are no more different
        cycles than clusters, each of them is a cluster.
    seed : int
        Seed of the start vector of the eigensolver and of k-means.
    threads : int
        Threads for the distances; the small matrices of k-means are fastest with one.

    Returns
    -------
    ndarray of int16, shape (cell,)
        Labels 0, 1, ... in the order of their first occurrence.
    """
    if n_clusters == 1:
        return np.zeros(len(cycle), dtype=np.int16)
    cycle = np.ascontiguousarray(cycle, dtype=np.float32)  # the precision of the distances
    assert np.isfinite(cycle).all(), "a seasonal cycle with a gap"
    different, label = np.unique(cycle, axis=0, return_inverse=True)
    if n_clusters >= len(different):
        return relabelled(label)
    random = check_random_state(seed)  # used in the same order as in scikit-learn's own class
    start = random.uniform(-1.0, 1.0, len(cycle))
    with threadpool_limits(1):
        likeness = affinity(dtw_distances(cycle, threads=threads))
        place = spectral_embedding(likeness, n_clusters, start=start)
        _, label, _ = k_means(place, n_clusters, n_init=10, random_state=random)
        label[isolated(likeness)] = n_clusters
    return relabelled(label)
