"""Skill of a bridge in years to which it was not fitted."""

from collections.abc import Callable

import numpy as np

from fluxprod.bridge.fit import Fit, explained_variance, predicted_flux


def year_blocks(year: np.ndarray, n_blocks: int) -> np.ndarray:
    """Number of the block of consecutive years to which each date belongs.

    There are ``n_blocks`` blocks, or one per year if there are fewer years.

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
    """R2 over all dates, each of which is predicted by a fit to the other blocks.

    The whole method is repeated for every block, including the choice of the penalty.

    Parameters
    ----------
    method : callable
        Regression of ``y`` on ``x``.
    x : ndarray, shape (time, candidate)
        Fluxes of the candidates [g m-2 d-1].
    y : ndarray, shape (time,)
        Regional mean flux [g m-2 d-1].
    block : ndarray of int, shape (time,)
        Block of each date.

    Returns
    -------
    float
        R2 of the predictions, NaN if there is only one block [1].
    """
    estimate = np.full(len(y), np.nan)
    for held_out in (block == number for number in np.unique(block)):
        if not held_out.all():
            estimate[held_out] = predicted_flux(method(x[~held_out], y[~held_out]), x[held_out])
    return explained_variance(estimate, y)
