"""Seasonal quantiles: those of the days around a calendar day, in all years."""

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import CALENDAR_DAYS, calendar_day

MIN_DAYS = 20  # d; quantiles of fewer days are meaningless


def season_quantiles(
    values: np.ndarray, time: pd.DatetimeIndex, window: int, shares: tuple[float, ...]
) -> np.ndarray:
    """Compute quantiles of the values around each day's calendar day, in all years.

    Parameters
    ----------
    values : ndarray, shape (time,)
        Daily values, NaN on days that do not count.
    time : DatetimeIndex, shape (time,)
        Days of the values.
    window : int
        Length of a season, an odd number; the day judged is in its middle [d].
    shares : tuple of float
        Quantiles to compute, 0 to 1, interpolated linearly between neighbouring values [1].

    Returns
    -------
    ndarray, shape (quantile, time)
        Quantiles in the unit of ``values``; NaN if the season has fewer than ``MIN_DAYS`` values.
    """
    if not len(time):
        return np.empty((len(shares), 0))
    day, year = calendar_day(time) - 1, time.year - time.year.min()
    table = np.full((year.max() + 1, CALENDAR_DAYS), np.nan)
    table[year, day] = values
    near = np.arange(CALENDAR_DAYS)[:, None] + np.arange(window) - window // 2
    season = table[:, near % CALENDAR_DAYS].transpose(1, 0, 2).reshape(CALENDAR_DAYS, -1)
    season.sort(axis=1)  # NaN last
    count = np.isfinite(season).sum(axis=1)
    found = np.array([_quantile(season, count, share) for share in shares])
    return np.where(count >= MIN_DAYS, found, np.nan)[:, day]


def _quantile(rising: np.ndarray, count: np.ndarray, share: float) -> np.ndarray:
    """Compute a quantile of the first ``count`` values of each row, shape (row,)."""
    place = share * np.maximum(count - 1, 0)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    row = np.arange(len(rising))
    low, high = rising[row, below], rising[row, above]
    quantile: np.ndarray = low + (place - below) * (high - low)
    return quantile
