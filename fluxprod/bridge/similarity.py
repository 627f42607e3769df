"""How alike the cells of a region are: dynamic time warping of their mean seasonal cycles.

The cycles enter in g m-2 d-1, not standardised: a regional sum needs cells that stand for the
strength of a cycle as well as for its shape, and standardising would stretch the noise of a desert
to the size of a forest's season. Matrices are of 32-bit floats: 0.9 GB for Russia's 15,000 cells at
0.5 degree.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from fluxprod.bridge.warping import LANES, warp_to_block

FAINTEST = 1e-12  # affinity of the least alike; zero would cut the graph in pieces
ROWS = 256  # rows of a matrix at a time: what is in 64-bit floats stays small


def dtw_distances(series: np.ndarray, *, threads: int = 1) -> np.ndarray:
    """Distance of every pair of series by dynamic time warping, as `warping` defines it.

    Parameters
    ----------
    series : ndarray, shape (n, step)
        In one unit, without gaps.
    threads : int
        The distances are the same bytes with any number.

    Returns
    -------
    ndarray of float32, shape (n, n)
        Symmetric, zero on the diagonal, in the unit of ``series``.
    """
    n = len(series)
    series = np.ascontiguousarray(series, dtype=np.float32)
    distance = np.empty((n, n), np.float32)
    blocks = range(0, n, LANES)[::-1]  # the longest first
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(partial(_fill_block, series, distance), blocks):
            pass
    return distance


def _fill_block(series: np.ndarray, distance: np.ndarray, start: int) -> None:
    """Distances of a block to all series before it and to itself, on both sides of the diagonal."""
    end = min(start + LANES, len(series))
    block = np.zeros((series.shape[1], LANES), np.float32)
    block[:, : end - start] = series[start:end].T
    to_block = np.empty((end, LANES), np.float32)
    warp_to_block(series[:end], block, to_block)
    distance[:end, start:end] = to_block[:, : end - start]
    distance[start:end, :start] = to_block[:start, : end - start].T


def affinity(distance: np.ndarray) -> np.ndarray:
    """Turn distances into Gaussian affinities exp(-d^2 / (2 s^2)), s the median of the pairs.

    Where most pairs are alike to the bit their mean takes its place; only where all are, so is
    the affinity.

    Parameters
    ----------
    distance : ndarray, shape (n, n)
        Symmetric, zero on the diagonal. Overwritten: a second matrix may not fit.

    Returns
    -------
    ndarray, shape (n, n) [1]
        The same array, between 1e-12 and 1.
    """
    scale = _typical(distance)
    for start in range(0, len(distance), ROWS):
        rows = distance[start : start + ROWS]
        # the scale is of 64 bits, and so is what it divides: libraries differ in the last of 32
        rows[:] = np.maximum(np.exp(-0.5 * (rows / scale) ** 2), FAINTEST) if scale > 0 else 1.0
    return distance


def _typical(distance: np.ndarray) -> np.float64:
    """Median of all pairs, or their mean if it is zero; the copy is of half the matrix."""
    pairs = [row[at + 1 :] for at, row in enumerate(distance[:-1])]
    if not pairs:
        return np.float64(0.0)
    joined = np.concatenate(pairs)
    mean = joined.mean(dtype=np.float64)
    return np.float64(np.median(joined, overwrite_input=True)) or mean
