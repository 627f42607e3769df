"""Dynamic time warping of one series against a block of others, side by side in SIMD lanes.

The block is the innermost axis, as wide as a few registers, and a constant: compiled loops then
need no checks. Arithmetic is that of 32-bit floats in a fixed order, without fused or reassociated
operations, so that distances are the same bytes on every processor. It compiles in 0.4 s a process:
a cache on disk would save less than it could break in a folder that nobody may write.
"""

import numba
import numpy as np

LANES = 64  # series of a block; 128 and 256 are as fast, 32 take twice the time
FAR = np.float32(np.inf)
START = np.float32(0.0)


@numba.njit(nogil=True)
def warp_to_block(series: np.ndarray, block: np.ndarray, distance: np.ndarray) -> None:
    """Fill in the distances of series to all series of a block.

    The root of the smallest sum of squared differences over all monotonic alignments (Tormene et
    al. 2009, doi:10.1016/j.artmed.2008.11.007), row by row of the warping matrix.

    Parameters
    ----------
    series : ndarray of float32, shape (n, step)
    block : ndarray of float32, shape (step, 64)
        Contiguous.
    distance : ndarray of float32, shape (n, 64)
        Overwritten, in the unit of the series.
    """
    cost = np.empty(block.shape, np.float32)  # of the row above, then of this one
    aslant = np.empty(LANES, np.float32)  # the cost above on the left
    left = np.empty(LANES, np.float32)
    for number in range(series.shape[0]):
        cost[:] = FAR
        for i in range(series.shape[1]):
            value = series[number, i]
            aslant[:] = START if i == 0 else FAR
            left[:] = FAR
            for j in range(block.shape[0]):
                for lane in range(LANES):
                    above = cost[j, lane]
                    least = aslant[lane] if aslant[lane] < above else above
                    least = least if least < left[lane] else left[lane]
                    difference = value - block[j, lane]
                    aslant[lane] = above
                    left[lane] = difference * difference + least
                    cost[j, lane] = left[lane]
        for lane in range(LANES):
            distance[number, lane] = np.sqrt(left[lane])
