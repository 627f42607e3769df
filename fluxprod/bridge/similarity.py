"""Similarity of the cells of a region: dynamic time warping of their mean seasonal cycles.

The cycles are in g m-2 d-1 and not standardised: a regional sum needs cells that represent the
amplitude of a cycle as well as its shape, and standardisation would inflate the noise of a desert
to the amplitude of a forest. Matrices consist of 32-bit floats: 0.9 GB for the 15,000 cells of
Russia at 0.5 degree.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from fluxprod.bridge.warping import LANES, warp_to_block

LEAST_AFFINITY = 1e-5  # [1] of the least similar cells: docs/decisions/0027-isolated-cells.md
ROWS = 256  # rows processed at once, so that temporary 64-bit arrays stay small


def dtw_distances(series: np.ndarray, *, threads: int = 1) -> np.ndarray:
    """Dynamic time warping distance of every pair of series, as defined in `warping`.

    Parameters
    ----------
    series : ndarray, shape (n, step)
        Series in the same unit, without gaps.
    threads : int
        Threads; the distances are the same to the last bit with any number.

    Returns
    -------
    ndarray of float32, shape (n, n)
        Distances in the unit of ``series``: symmetric, zero on the diagonal.
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
    """Distances of a block to itself and all series before it, on both sides of the diagonal."""
    end = min(start + LANES, len(series))
    block = np.zeros((series.shape[1], LANES), np.float32)
    block[:, : end - start] = series[start:end].T
    to_block = np.empty((end, LANES), np.float32)
    warp_to_block(series[:end], block, to_block)
    distance[:end, start:end] = to_block[:, : end - start]
    distance[start:end, :start] = to_block[:start, : end - start].T


def affinity(distance: np.ndarray) -> np.ndarray:
    """Gaussian affinities exp(-d^2 / (2 s^2)) of distances d, with s their median over all pairs.

    If most pairs have distance zero, s is the mean instead; if all have, every affinity is one.

    Parameters
    ----------
    distance : ndarray, shape (n, n)
        Distances, symmetric and zero on the diagonal. Overwritten, because a second matrix might
        not fit into memory.

    Returns
    -------
    ndarray, shape (n, n)
        The same array with affinities from 1e-5 to 1 [1].
    """
    scale = _typical_distance(distance)
    for start in range(0, len(distance), ROWS):
        rows = distance[start : start + ROWS]
        # the 64-bit scale makes the quotient 64-bit: libraries differ in the last bit of 32-bit exp
        rows[:] = (
            np.maximum(np.exp(-0.5 * (rows / scale) ** 2), LEAST_AFFINITY) if scale > 0 else 1.0
        )
    return distance


def isolated(likeness: np.ndarray) -> np.ndarray:
    """Find the cells that resemble no other cell.

    Parameters
    ----------
    likeness : ndarray, shape (n, n)
        Affinities, as returned by `affinity` [1].

    Returns
    -------
    ndarray of bool, shape (n,)
        True where the least affinity, which unlike cells have as well, makes up most of the sum of
        the affinities to other cells.
    """
    others = likeness.sum(axis=1, dtype=float) - np.diagonal(likeness)
    return np.asarray(others < 2.0 * LEAST_AFFINITY * (len(likeness) - 1))


def _typical_distance(distance: np.ndarray) -> np.float64:
    """Median over all pairs, or their mean if the median is zero; copies half of the matrix."""
    pairs = [row[at + 1 :] for at, row in enumerate(distance[:-1])]
    if not pairs:
        return np.float64(0.0)
    joined = np.concatenate(pairs)
    mean = joined.mean(dtype=np.float64)
    return np.float64(np.median(joined, overwrite_input=True)) or mean
