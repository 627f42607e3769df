"""Departures of surface and air temperature from their seasons, composite by composite."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from fluxprod.core.scores import Moments, moments

LAGS = (-2, -1, 0, 1, 2)  # composites by which the surface is moved against the air


def composite_means(
    daily: np.ndarray, days: pd.DatetimeIndex, middle: pd.DatetimeIndex
) -> np.ndarray:
    """Average days over the composites.

    Parameters
    ----------
    daily : ndarray, shape (cell, time)
        Values of consecutive days.
    days, middle : DatetimeIndex
        These days, and the middles of the composites.

    Returns
    -------
    ndarray, shape (cell, composite)
        Means, in the unit of the values.
    """
    length = int(np.median(np.diff(middle) / np.timedelta64(1, "D")))
    start = np.asarray((middle - days[0]) // pd.Timedelta("1D")) - length // 2
    first = np.clip(start, 0, len(days) - 1)
    last = np.clip(start + length, first + 1, len(days))
    sums = np.cumsum(np.pad(daily, ((0, 0), (1, 0))), axis=1)
    mean: np.ndarray = (sums[:, last] - sums[:, first]) / (last - first)
    return mean


def departure_sums(
    surface: np.ndarray, air: np.ndarray, time: pd.DatetimeIndex
) -> Iterator[tuple[int, int, Moments]]:
    """Sum over departures from the season, by year and lag.

    Parameters
    ----------
    surface, air : ndarray, shape (patch, composite)
        Temperatures of the same days, NaN where missing.
    time : DatetimeIndex, shape (composite,)
        Middles of the composites.

    Yields
    ------
    (int, int, Moments)
        Year, lag, and the sums over the departures of the surface and those of the air that many
        composites earlier.
    """
    year = np.asarray(time.year)
    step = np.arange(len(time)) - np.searchsorted(year, year)
    first, second = (_departures(each, step) for each in (surface, air))
    for each in np.unique(year):
        inside = np.flatnonzero(year == each)[LAGS[-1] : LAGS[0]]
        for lag in LAGS:
            pairs = first[:, inside].ravel(), second[:, inside - lag].ravel()
            yield int(each), lag, moments(*pairs)


def _departures(values: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Subtract the mean of the same composite of all years."""
    departures = np.full_like(values, np.nan)
    for each in np.unique(step):
        same = values[:, step == each]
        known = np.isfinite(same)
        count = known.sum(axis=1, keepdims=True)
        mean = np.where(known, same, 0.0).sum(axis=1, keepdims=True) / np.maximum(count, 1)
        departures[:, step == each] = same - mean
    return departures
