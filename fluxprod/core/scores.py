"""Scores of one series against another, along the last axis, and interannual variability.

A score is a function of sums over pairs of an estimate and a reference. `moments` computes the
sums of a block of pairs, ``+`` merges the sums of two blocks, and the scores are properties of the
sums, so that blocks of cells, sites or years can be merged into the score of all of them. Pairs
that have a NaN on either side or zero weight do not count; scores without a valid pair are NaN.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

# a standard deviation below this share of the mean is rounding error [1]; as in scipy's pearsonr
CONSTANT = 1e-13


@dataclass(frozen=True)
class Moments:
    """Sums over weighted pairs; floats, or arrays of one shape with one element per series.

    Variances and the covariance are stored as sums of products of deviations from the means of the
    block and are merged pairwise, which keeps digits that sums of squares lose [1]_, [2]_.

    Parameters
    ----------
    weight : ndarray
        Sum of the weights w; the number of pairs if all weights are 1.
    mean_estimate, mean_reference : ndarray
        Weighted means; 0 without pairs.
    error : ndarray
        Sum of w (estimate - reference).
    squared_error : ndarray
        Sum of w (estimate - reference)^2.
    estimate2, reference2 : ndarray
        Sums of w (deviation from the mean)^2.
    product : ndarray
        Sum of w (deviation of the estimate) (deviation of the reference).

    References
    ----------
    .. [1] Chan et al. 1983, doi:10.1080/00031305.1983.10483115
    .. [2] Pebay 2008, doi:10.2172/1028931
    """

    weight: np.ndarray
    mean_estimate: np.ndarray
    mean_reference: np.ndarray
    error: np.ndarray
    squared_error: np.ndarray
    estimate2: np.ndarray
    reference2: np.ndarray
    product: np.ndarray

    def __add__(self, other: "Moments") -> "Moments":
        weight = self.weight + other.weight
        share = _ratio(other.weight, weight, empty=0.0)
        step_estimate = other.mean_estimate - self.mean_estimate
        step_reference = other.mean_reference - self.mean_reference
        between = self.weight * share
        return Moments(
            weight,
            self.mean_estimate + share * step_estimate,
            self.mean_reference + share * step_reference,
            self.error + other.error,
            self.squared_error + other.squared_error,
            self.estimate2 + other.estimate2 + between * step_estimate**2,
            self.reference2 + other.reference2 + between * step_reference**2,
            self.product + other.product + between * step_estimate * step_reference,
        )

    @property
    def bias(self) -> np.ndarray:
        """Mean of estimate - reference, in the unit of the pairs."""
        return _ratio(self.error, self.weight)

    @property
    def rmse(self) -> np.ndarray:
        """Root of the mean squared difference, in the unit of the pairs."""
        root: np.ndarray = np.sqrt(_ratio(self.squared_error, self.weight))
        return root

    @property
    def pearson_r(self) -> np.ndarray:
        """Pearson's correlation coefficient [1]; NaN if either side is constant."""
        vary = self._varies("estimate") & self._varies("reference")
        spread = np.sqrt(self.estimate2) * np.sqrt(self.reference2)
        r: np.ndarray = np.clip(_ratio(self.product, np.where(vary, spread, 0.0)), -1.0, 1.0)
        return r

    @property
    def nse(self) -> np.ndarray:
        """Nash-Sutcliffe efficiency [1], also called MEF; NaN if the reference is constant.

        1 - sum (estimate - reference)^2 / sum (reference - its mean)^2 (Nash and Sutcliffe 1970,
        doi:10.1016/0022-1694(70)90255-6).
        """
        variance = np.where(self._varies("reference"), self.reference2, 0.0)
        return 1.0 - _ratio(self.squared_error, variance)

    @property
    def nnse(self) -> np.ndarray:
        """Normalised Nash-Sutcliffe efficiency 1 / (2 - NSE), 0 to 1 [1]; it is 0.5 where NSE = 0.

        Nossent and Bauwens 2012, EGU General Assembly, abstract EGU2012-237.
        """
        return 1.0 / (2.0 - self.nse)

    def _varies(self, side: str) -> np.ndarray:
        deviation = np.sqrt(_ratio(getattr(self, f"{side}2"), self.weight, empty=0.0))
        varies: np.ndarray = deviation > CONSTANT * np.abs(getattr(self, f"mean_{side}"))
        return varies


def _ratio(sums: ArrayLike, weight: ArrayLike, empty: float = np.nan) -> np.ndarray:
    sums, weight = np.asarray(sums, float), np.asarray(weight, float)
    filled = np.full(np.broadcast(sums, weight).shape, empty)
    ratio: np.ndarray = np.divide(sums, weight, out=filled, where=weight > 0)[()]
    return ratio


def moments(estimate: ArrayLike, reference: ArrayLike, weight: ArrayLike = 1.0) -> Moments:
    """Compute the sums over one block of pairs, along the last axis.

    Parameters
    ----------
    estimate, reference : array, shape (..., pair)
        Estimates and reference values, in the same unit.
    weight : array, shape (..., pair), optional
        Weight of each pair, for example its area; not negative. By default all weights are 1.

    Returns
    -------
    Moments
        Sums of shape (...).

    Raises
    ------
    ValueError
        If a weight is negative or NaN.

    Examples
    --------
    >>> first, rest = moments([1.0, 2.0], [1.0, 3.0]), moments([3.0, 6.0], [5.0, 7.0])
    >>> float((first + rest).bias), float((first + rest).nse)
    (-1.0, 0.7)
    """
    x, y, w = (np.asarray(part, float) for part in (estimate, reference, weight))
    if not (w >= 0).all():
        raise ValueError("weights must be numbers and not negative")
    x, y, w = np.broadcast_arrays(x, y, w)
    valid = np.isfinite(x) & np.isfinite(y) & (w > 0)
    x, y, w = (np.where(valid, part, 0.0) for part in (x, y, w))
    total = w.sum(axis=-1)
    mean_x, mean_y = (_ratio((w * part).sum(axis=-1), total, empty=0.0) for part in (x, y))
    dx, dy = x - mean_x[..., None], y - mean_y[..., None]
    parts = (x - y, (x - y) ** 2, dx**2, dy**2, dx * dy)
    return Moments(total, mean_x, mean_y, *((w * part).sum(axis=-1) for part in parts))


def bias(estimate: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Mean of estimate - reference.

    Parameters
    ----------
    estimate, reference : array_like, shape (..., n)
        Pairs along the last axis, in one unit; pairs with a NaN are left out.

    Returns
    -------
    ndarray, shape (...)
        Bias in the unit of the pairs.
    """
    return moments(estimate, reference).bias


def rmse(estimate: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Root of the mean squared difference.

    Parameters
    ----------
    estimate, reference : array_like, shape (..., n)
        Pairs along the last axis, in one unit; pairs with a NaN are left out.

    Returns
    -------
    ndarray, shape (...)
        Root-mean-square error in the unit of the pairs.
    """
    return moments(estimate, reference).rmse


def pearson_r(estimate: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Pearson's correlation coefficient.

    Parameters
    ----------
    estimate, reference : array_like, shape (..., n)
        Pairs along the last axis, in one unit; pairs with a NaN are left out.

    Returns
    -------
    ndarray, shape (...)
        Correlation [1]; NaN if either side is constant.
    """
    return moments(estimate, reference).pearson_r


def nse(estimate: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Nash-Sutcliffe efficiency, also called modelling efficiency (MEF).

    Parameters
    ----------
    estimate, reference : array_like, shape (..., n)
        Pairs along the last axis, in one unit; pairs with a NaN are left out.

    Returns
    -------
    ndarray, shape (...)
        Efficiency, at most 1 [1].

    References
    ----------
    Nash & Sutcliffe (1970), doi:10.1016/0022-1694(70)90255-6.
    """
    return moments(estimate, reference).nse


def nnse(estimate: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Normalised Nash-Sutcliffe efficiency, 1 / (2 - NSE).

    Parameters
    ----------
    estimate, reference : array_like, shape (..., n)
        Pairs along the last axis, in one unit; pairs with a NaN are left out.

    Returns
    -------
    ndarray, shape (...)
        Efficiency from 0 to 1, 0.5 where NSE is 0 [1].
    """
    return moments(estimate, reference).nnse


def detrended(annual: np.ndarray) -> np.ndarray:
    """Subtract the mean and the linear trend from annual totals, along the last axis."""
    annual = np.asarray(annual, float)
    year = np.arange(annual.shape[-1]) - (annual.shape[-1] - 1) / 2.0
    slope = (annual * year).sum(axis=-1, keepdims=True) / (year**2).sum()
    anomaly: np.ndarray = annual - annual.mean(axis=-1, keepdims=True) - slope * year
    return anomaly


def interannual_variability(annual: np.ndarray) -> np.ndarray:
    """Interannual variability (IAV) along the last axis, in the unit of the totals.

    It is the population standard deviation of linearly detrended annual totals, as in Jung et al.
    (2020), doi:10.5194/bg-17-1343-2020.
    """
    deviation: np.ndarray = detrended(annual).std(axis=-1)
    return deviation
