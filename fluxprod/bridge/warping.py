"""Dynamic time warping of one series against a block of others, in parallel SIMD lanes.

The block is the innermost axis. Its width, that of a few registers, is a constant, so that compiled
loops need no checks. 32-bit operations run in a fixed order, without fusion or reassociation, so
that distances are the same to the last bit on every processor. Compilation takes 0.4 s per process;
it is not cached on disk, because the folder may not be writable.
"""

import numba
import numpy as np

LANES = 64  # series per block; 128 and 256 are as fast, 32 takes twice as long
INFINITE = np.float32(np.inf)
ZERO = np.float32(0.0)


@numba.njit(nogil=True)
def warp_to_block(series: np.ndarray, block: np.ndarray, distance: np.ndarray) -> None:
    """Compute the distances of series to all series of a block.

    The distance is the root of the smallest sum of squared differences over all monotonic
    alignments (Tormene et al. 2009, doi:10.1016/j.artmed.2008.11.007), computed row by row of the
    warping matrix.

    Parameters
    ----------
    series : ndarray of float32, shape (n, step)
        Series, one per row.
    block : ndarray of float32, shape (step, 64)
        Series of the block, one per column; contiguous, in the same unit.
    distance : ndarray of float32, shape (n, 64)
        Overwritten with the distances, in the unit of the series.
    """
    cost = np.empty(block.shape, np.float32)  # of the row above, overwritten by the current one
    diagonal = np.empty(LANES, np.float32)  # cost one row up and one column to the left
    left = np.empty(LANES, np.float32)
    for number in range(series.shape[0]):
        cost[:] = INFINITE
        for i in range(series.shape[1]):
            value = series[number, i]
            diagonal[:] = ZERO if i == 0 else INFINITE
            left[:] = INFINITE
            for j in range(block.shape[0]):
                for lane in range(LANES):
                    above = cost[j, lane]
                    least = diagonal[lane] if diagonal[lane] < above else above
                    least = least if least < left[lane] else left[lane]
                    difference = value - block[j, lane]
                    diagonal[lane] = above
                    left[lane] = difference * difference + least
                    cost[j, lane] = left[lane]
        for lane in range(LANES):
            distance[number, lane] = np.sqrt(left[lane])
