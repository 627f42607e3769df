"""How often the truth lies within the stated spread, and the factor that would correct the spread.

The estimate is the mean over the members of an ensemble, the stated spread their sample standard
deviation, and z the absolute error of the estimate in units of the spread. The 68 % interval is the
estimate +- 1 spread and the 95 % interval +- 1.96 spreads: quantiles of the normal distribution,
which is how readers interpret a standard deviation. Quantiles of Student's t would be wider for few
members; the factor of `inflation` includes that effect.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

NORMAL = NormalDist()
NOMINAL = {68: 2 * NORMAL.cdf(1.0) - 1, 95: 0.95}  # share of normal errors [1] by level [%]
HALF_WIDTH = {level: NORMAL.inv_cdf((1 + share) / 2) for level, share in NOMINAL.items()}  # spreads


def standard_errors(error: ArrayLike, spread: ArrayLike) -> np.ndarray:
    """Absolute error in units of the spread.

    Parameters
    ----------
    error, spread : array_like of the same shape
        In the same unit.

    Returns
    -------
    ndarray of the same shape
        [1]. Missing where the error or the spread is missing (as for fewer than two members), and
        where both are zero; infinite where only the spread is zero.

    Examples
    --------
    >>> standard_errors([-1.0, 1.0, 0.0, 1.0], [2.0, 0.0, 0.0, np.nan]).tolist()
    [0.5, inf, nan, nan]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        z: np.ndarray = np.abs(np.asarray(error, dtype=float)) / np.asarray(spread, dtype=float)
    return z


def coverage(
    z: ArrayLike, level: int, inflation: float = 1.0, weight: ArrayLike | None = None
) -> float:
    """Share of errors that lie within the interval of a level, missing ones left out.

    Parameters
    ----------
    z : array_like
        Absolute errors as returned by `standard_errors` [1].
    level : int
        68 or 95 [%].
    inflation : float
        Factor of the spread [1].
    weight : array_like, optional
        Weight of each error; equal by default.

    Returns
    -------
    float
        [1]. NaN if all errors are missing or the factor is NaN.
    """
    z, weight = _known(z, weight)
    if not z.size or np.isnan(inflation):
        return float("nan")
    return float(np.average(z <= HALF_WIDTH[level] * inflation, weights=weight))


def inflation(z: ArrayLike, level: int = 68, weight: ArrayLike | None = None) -> float:
    """Smallest factor of the spread with which the interval of a level covers its nominal share.

    The factor is the quantile of z at the nominal share divided by that of the normal distribution.
    Unlike a mean of squares it does not depend on the few largest errors. It allows for a bias but
    does not remove it.

    Parameters
    ----------
    z : array_like
        Absolute errors as returned by `standard_errors`; missing ones are left out [1].
    level : int
        68 or 95 [%].
    weight : array_like, optional
        Weight of each error; equal by default.

    Returns
    -------
    float
        [1].

    Raises
    ------
    ValueError
        If all errors are missing.
    """
    z, weight = _known(z, weight)
    if not z.size:
        raise ValueError("no error with a spread")
    found = np.quantile(z, NOMINAL[level], method="inverted_cdf", weights=weight)
    return float(found) / HALF_WIDTH[level]


def _known(z: ArrayLike, weight: ArrayLike | None) -> tuple[np.ndarray, np.ndarray]:
    z = np.ravel(np.asarray(z, dtype=float))
    weight = np.ones(z.shape) if weight is None else np.ravel(np.asarray(weight, dtype=float))
    known = ~np.isnan(z)
    return z[known], weight[known]
