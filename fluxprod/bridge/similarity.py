"""How alike the cells of a region are: dynamic time warping of their mean seasonal cycles.

The cycles enter in g m-2 d-1, not standardised: a regional sum needs cells that stand for the
strength of a cycle as well as for its shape, and standardising would stretch the noise of a desert
to the size of a forest's season.
"""

import numpy as np
from dtaidistance import dtw
from threadpoolctl import threadpool_limits

FAINTEST = 1e-12  # affinity of the least alike; zero would cut the graph in pieces


def dtw_distances(series: np.ndarray, *, threads: int = 1) -> np.ndarray:
    """Distance of every pair of series by dynamic time warping.

    The root of the smallest sum of squared differences over all monotonic alignments (Tormene et
    al. 2009, doi:10.1016/j.artmed.2008.11.007), by dtaidistance's C code. Its pruning would save a
    third of the time, but gives infinite distances where a straight alignment is the best.

    Parameters
    ----------
    series : ndarray, shape (n, step)
        In one unit, without gaps.
    threads : int
        Of OpenMP.

    Returns
    -------
    ndarray, shape (n, n)
        Symmetric, zero on the diagonal, in the unit of ``series``.
    """
    n = len(series)
    distance = np.zeros((n, n))
    if n > 1:
        with threadpool_limits(threads):
            pairs = dtw.distance_matrix_fast(
                np.ascontiguousarray(series, dtype=float), compact=True, parallel=threads > 1
            )
        distance[np.triu_indices(n, 1)] = pairs
    return distance + distance.T


def affinity(distance: np.ndarray) -> np.ndarray:
    """Gaussian affinity exp(-d^2 / (2 s^2)), s the median distance of the pairs.

    Parameters
    ----------
    distance : ndarray, shape (n, n)
        Symmetric, zero on the diagonal.

    Returns
    -------
    ndarray, shape (n, n) [1]
        Between 1e-12 and 1.
    """
    pairs = distance[np.triu_indices(len(distance), 1)]
    scale = np.median(pairs) if len(pairs) else 0.0
    if scale == 0.0:
        return np.ones_like(distance)
    return np.maximum(np.exp(-0.5 * (distance / scale) ** 2), FAINTEST)
