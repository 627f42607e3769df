"""How often the truth lies within the stated spread, and the factor that would make it so.

The stated spread is the sample standard deviation over the members of an ensemble, the estimate
their mean, and z the error of the estimate in spreads. The interval of 68 % is the estimate
+- 1 spread, that of 95 % +- 1.96: quantiles of the normal distribution, as a reader takes them.
Quantiles of Student's t would widen them for few members; the factor of `inflation` holds that too.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

NORMAL = NormalDist()
NOMINAL = {68: 2 * NORMAL.cdf(1.0) - 1, 95: 0.95}  # [1] share of normal errors by level [%]
HALF_WIDTH = {level: NORMAL.inv_cdf((1 + share) / 2) for level, share in NOMINAL.items()}  # spreads


def standard_errors(error: ArrayLike, spread: ArrayLike) -> np.ndarray:
    """Absolute error in spreads [1].

    Parameters
    ----------
    error, spread : array_like of the same shape
        In the same unit.

    Returns
    -------
    ndarray
        Missing where the error or the spread is, as it is of fewer than two members, and where
        both are zero; infinite where the spread alone is zero.

    >>> standard_errors([-1.0, 1.0, 0.0, 1.0], [2.0, 0.0, 0.0, np.nan]).tolist()
    [0.5, inf, nan, nan]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.abs(np.asarray(error, dtype=float)) / np.asarray(spread, dtype=float)


def coverage(
    z: ArrayLike, level: int, inflation: float = 1.0, weight: ArrayLike | None = None
) -> float:
    """Share of errors within the interval of a level [1]; missing ones do not count.

    Parameters
    ----------
    z : array_like
        Of `standard_errors`.
    level : int
        68 or 95 [%].
    inflation : float
        Factor of the spread [1].
    weight : array_like, optional
        Of each error; all alike without it.

    Returns
    -------
    float
        Missing where all are, or where the factor is.
    """
    z, weight = _known(z, weight)
    if not z.size or np.isnan(inflation):
        return float("nan")
    return float(np.average(z <= HALF_WIDTH[level] * inflation, weights=weight))


def inflation(z: ArrayLike, level: int = 68, weight: ArrayLike | None = None) -> float:
    """Least factor of the spread with which the interval of a level covers its nominal share [1].

    The quantile of z at the nominal share over that of the normal distribution: unlike a mean of
    squares it does not hang on the few largest errors. A factor does not mend a bias, it only
    admits it.

    Parameters
    ----------
    z : array_like
        Of `standard_errors`; missing ones do not count.
    level : int
        68 or 95 [%].
    weight : array_like, optional
        Of each error; all alike without it.

    Raises
    ------
    ValueError
        If all are missing.
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
