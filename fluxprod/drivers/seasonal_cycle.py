"""Mean seasonal cycles of composites, brought to calendar days."""

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import LEAP_DAY, calendar_day

YEAR = 365.0  # d, the cycle's period; 29 February is added afterwards


def steps_of_year(time: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
    """Step of the year of each composite, and the mid-window day of each step.

    Parameters
    ----------
    time : DatetimeIndex, shape (composite,)
        Mid-window dates; every year has the same days of the year, or part of them.

    Returns
    -------
    step : ndarray of int, shape (composite,)
    day : ndarray, shape (step,)
        Mid-window day of the year, rising [d].
    """
    day, step = np.unique(pd.DatetimeIndex(time).day_of_year, return_inverse=True)
    return step, day.astype(float)


def mean_by_step(values: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Mean over years of each step, NaN-aware; (n, composite) to (n, step)."""
    n_steps = step.max() + 1
    total = np.zeros((values.shape[0], n_steps))
    count = np.zeros_like(total)
    valid = np.isfinite(values)
    filled = np.where(valid, values, 0.0)
    for composite, k in enumerate(step):
        total[:, k] += filled[:, composite]
        count[:, k] += valid[:, composite]
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)


def fill_periodic(cycle: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Fill missing steps of each cycle by periodic linear interpolation over days.

    A cycle without any valid step stays NaN.
    """
    filled = cycle.copy()
    missing = np.isnan(cycle)
    for row in np.flatnonzero(missing.any(axis=1) & ~missing.all(axis=1)):
        valid = ~missing[row]
        filled[row] = np.interp(day, day[valid], cycle[row, valid], period=YEAR)
    return filled


def to_calendar_days(cycle: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Interpolate cycles periodically to calendar days; 29 February is its neighbours' mean.

    Parameters
    ----------
    cycle : ndarray, shape (n, step)
    day : ndarray, shape (step,)
        Day of the year of each step, rising [d].

    Returns
    -------
    ndarray, shape (n, 366)
    """
    target = np.arange(1.0, YEAR + 1.0)
    extended = np.concatenate([[day[-1] - YEAR], day, [day[0] + YEAR]])
    wrapped = np.concatenate([cycle[:, -1:], cycle, cycle[:, :1]], axis=1)
    right = np.clip(np.searchsorted(extended, target), 1, len(extended) - 1)
    weight = (target - extended[right - 1]) / (extended[right] - extended[right - 1])
    daily = wrapped[:, right - 1] * (1.0 - weight) + wrapped[:, right] * weight
    leap = daily[:, [LEAP_DAY - 2, LEAP_DAY - 1]].mean(axis=1, keepdims=True)
    return np.concatenate([daily[:, : LEAP_DAY - 1], leap, daily[:, LEAP_DAY - 1 :]], axis=1)


def mean_seasonal_cycle(values: np.ndarray, time: pd.DatetimeIndex) -> np.ndarray:
    """Mean seasonal cycle on calendar days of a series of composites.

    Parameters
    ----------
    values : ndarray, shape (n, composite)
        NaN where missing.
    time : DatetimeIndex, shape (composite,)
        Mid-window dates.

    Returns
    -------
    ndarray, shape (n, 366)
    """
    step, day = steps_of_year(time)
    return to_calendar_days(fill_periodic(mean_by_step(values, step), day), day)


def daily_cycle(values: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Mean seasonal cycle of a daily series, (n, time) to (n, 366).

    29 February is the mean of its neighbours: a quarter of the years would make it noisier.
    """
    total = np.zeros((366, values.shape[0]))
    np.add.at(total, day - 1, values.T)
    count = np.bincount(day - 1, minlength=366)
    cycle = total / np.maximum(count, 1)[:, None]
    cycle[LEAP_DAY - 1] = (cycle[LEAP_DAY - 2] + cycle[LEAP_DAY]) / 2.0
    return cycle.T


def cycle_of_years(
    values: np.ndarray, time: pd.DatetimeIndex, first_year: int, last_year: int
) -> np.ndarray:
    """Mean seasonal cycle of these years of a daily series, (n, time) to (n, 366)."""
    keep = np.asarray((time.year >= first_year) & (time.year <= last_year))
    return daily_cycle(values[:, keep], calendar_day(time[keep]))


def window_means(values: np.ndarray, time: pd.DatetimeIndex, middle: pd.DatetimeIndex, days: int):
    """Mean of a daily series over the window of each composite.

    Windows that stick out of the series are cut at its ends.

    Parameters
    ----------
    values : ndarray, shape (n, time)
    time : DatetimeIndex, shape (time,)
        Consecutive days.
    middle : DatetimeIndex, shape (composite,)
        Mid-window dates.
    days : int
        Length of the window [d].

    Returns
    -------
    ndarray, shape (n, composite)
    """
    start = np.asarray((pd.DatetimeIndex(middle) - time[0]).days) - days // 2
    low = np.clip(start, 0, len(time) - 1)
    high = np.clip(start + days, low + 1, len(time))
    running = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)], axis=1)
    return (running[:, high] - running[:, low]) / (high - low)
