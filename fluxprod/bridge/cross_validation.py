"""How well a bridge predicts years that it was not fitted on."""

from collections.abc import Callable

import numpy as np

from fluxprod.bridge.fit import Fit, explained_variance, predicted_flux


def year_blocks(year: np.ndarray, n_blocks: int) -> np.ndarray:
    """Block of consecutive years, 0 to ``n_blocks`` - 1 or fewer, to which each date belongs.

    >>> year_blocks(np.array([2001, 2001, 2002, 2003, 2004]), 2)
    array([0, 0, 0, 1, 1])
    """
    years = np.unique(year)
    blocks = np.array_split(np.arange(len(years)), min(n_blocks, len(years)))
    block_of = np.concatenate([np.full(len(part), number) for number, part in enumerate(blocks)])
    return np.asarray(block_of[np.searchsorted(years, year)])


def cross_validated_r2(
    method: Callable[[np.ndarray, np.ndarray], Fit],
    x: np.ndarray,
    y: np.ndarray,
    block: np.ndarray,
) -> float:
    """R2 over all dates, each predicted by a fit to the other blocks.

    The whole method is repeated for every block, its choice of the penalty included.

    Parameters
    ----------
    method : callable
        Fits ``y`` on ``x``.
    x : ndarray, shape (time, candidate)
    y : ndarray, shape (time,)
    block : ndarray of int, shape (time,)
        At least two different ones; of a single one, NaN.

    Returns
    -------
    float [1]
    """
    estimate = np.full(len(y), np.nan)
    for held_out in (block == number for number in np.unique(block)):
        if not held_out.all():
            estimate[held_out] = predicted_flux(method(x[~held_out], y[~held_out]), x[held_out])
    return explained_variance(estimate, y)
