"""Scores of one series against another, along the last axis, and interannual variability.

Pairs with a NaN on either side carry no weight; no valid pair gives NaN.
"""

import numpy as np


def _paired(estimate: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    estimate, reference = np.broadcast_arrays(
        np.asarray(estimate, float), np.asarray(reference, float)
    )
    valid = np.isfinite(estimate) & np.isfinite(reference)
    return np.where(valid, estimate, np.nan), np.where(valid, reference, np.nan)


def _mean(values: np.ndarray) -> np.ndarray:
    count = np.isfinite(values).sum(axis=-1)
    total = np.nansum(values, axis=-1)
    return np.divide(total, count, out=np.full(np.shape(total), np.nan), where=count > 0)


def bias(estimate: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Mean of estimate - reference, in their unit."""
    estimate, reference = _paired(estimate, reference)
    return _mean(estimate - reference)


def rmse(estimate: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Root of the mean squared difference, in their unit."""
    estimate, reference = _paired(estimate, reference)
    return np.sqrt(_mean((estimate - reference) ** 2))


def pearson_r(estimate: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Pearson's correlation coefficient [1]; NaN where a side is constant."""
    estimate, reference = _paired(estimate, reference)
    estimate = estimate - _mean(estimate)[..., None]
    reference = reference - _mean(reference)[..., None]
    covariance = np.nansum(estimate * reference, axis=-1)
    spread = np.sqrt(np.nansum(estimate**2, axis=-1) * np.nansum(reference**2, axis=-1))
    return np.divide(
        covariance, spread, out=np.full(np.shape(covariance), np.nan), where=spread > 0
    )


def nse(estimate: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Nash-Sutcliffe efficiency [1], also called MEF (doi:10.1016/0022-1694(70)90255-6)."""
    estimate, reference = _paired(estimate, reference)
    error = np.nansum((estimate - reference) ** 2, axis=-1)
    variance = np.nansum((reference - _mean(reference)[..., None]) ** 2, axis=-1)
    ratio = np.divide(error, variance, out=np.full(np.shape(error), np.nan), where=variance > 0)
    return 1.0 - ratio


def nnse(estimate: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Normalised Nash-Sutcliffe efficiency 1 / (2 - NSE), from 0 to 1; 0.5 is NSE = 0."""
    return 1.0 / (2.0 - nse(estimate, reference))


def detrended(annual: np.ndarray) -> np.ndarray:
    """Annual totals less their linear trend, along the last axis."""
    annual = np.asarray(annual, float)
    year = np.arange(annual.shape[-1]) - (annual.shape[-1] - 1) / 2.0
    slope = (annual * year).sum(axis=-1, keepdims=True) / (year**2).sum()
    return annual - annual.mean(axis=-1, keepdims=True) - slope * year


def interannual_variability(annual: np.ndarray) -> np.ndarray:
    """IAV: population standard deviation of linearly detrended annual totals, in their unit."""
    return detrended(annual).std(axis=-1)
