"""Mean seasonal cycles of composites and of daily series, by calendar day."""

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import LEAP_DAY, calendar_day

YEAR = 365.0  # d, period of a cycle; 29 February is inserted afterwards


def steps_of_year(time: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
    """Number the composites of a year, and find the middle day of the year of each number.

    Parameters
    ----------
    time : DatetimeIndex, shape (composite,)
        Mid-window dates, which fall on the same days of the year in every year; some may be absent.

    Returns
    -------
    step : ndarray of int, shape (composite,)
        Number of each composite within its year, from 0.
    day : ndarray, shape (step,)
        Mid-window day of the year, in ascending order [d].
    """
    day, step = np.unique(pd.DatetimeIndex(time).day_of_year, return_inverse=True)
    return step, day.astype(float)


def mean_by_step(values: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Average each step over the years, ignoring NaN; (n, composite) to (n, step)."""
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
    """Fill missing steps of each cycle by periodic linear interpolation in time.

    Parameters
    ----------
    cycle : ndarray, shape (n, step)
        Cycles, NaN where missing.
    day : ndarray, shape (step,)
        Day of the year of each step, in ascending order [d].

    Returns
    -------
    ndarray, shape (n, step)
        Filled cycles; a cycle without any valid step stays NaN.
    """
    filled = cycle.copy()
    missing = np.isnan(cycle)
    for row in np.flatnonzero(missing.any(axis=1) & ~missing.all(axis=1)):
        valid = ~missing[row]
        filled[row] = np.interp(day, day[valid], cycle[row, valid], period=YEAR)
    return filled


def to_calendar_days(cycle: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Interpolate cycles periodically to calendar days; 29 February is the mean of its neighbours.

    Parameters
    ----------
    cycle : ndarray, shape (n, step)
        Cycles by step, in any unit.
    day : ndarray, shape (step,)
        Day of the year of each step, in ascending order [d].

    Returns
    -------
    ndarray, shape (n, 366)
        Cycles by calendar day, in the unit of ``cycle``.
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
    """Compute the mean seasonal cycle by calendar day of a series of composites.

    Parameters
    ----------
    values : ndarray, shape (n, composite)
        Composites, NaN where missing.
    time : DatetimeIndex, shape (composite,)
        Mid-window dates.

    Returns
    -------
    ndarray, shape (n, 366)
        Cycles in the unit of ``values``.
    """
    step, day = steps_of_year(time)
    return to_calendar_days(fill_periodic(mean_by_step(values, step), day), day)


def daily_cycle(values: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Compute the mean seasonal cycle of a daily series.

    29 February is the mean of its neighbours, because its own mean, over a quarter of the years,
    would be noisier than those of other days.

    Parameters
    ----------
    values : ndarray, shape (n, time)
        Daily series without gaps, in any unit.
    day : ndarray of int, shape (time,)
        Calendar day of each value, 1 to 366.

    Returns
    -------
    ndarray, shape (n, 366)
        Cycles in the unit of ``values``.
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
    """Compute the mean seasonal cycle of some years of a daily series; see `daily_cycle`.

    Parameters
    ----------
    values : ndarray, shape (n, time)
        Daily series without gaps, in any unit.
    time : DatetimeIndex, shape (time,)
        Days of the series.
    first_year, last_year : int
        First and last year of the cycle.

    Returns
    -------
    ndarray, shape (n, 366)
        Cycles in the unit of ``values``.
    """
    keep = np.asarray((time.year >= first_year) & (time.year <= last_year))
    return daily_cycle(values[:, keep], calendar_day(time[keep]))


def window_means(
    values: np.ndarray, time: pd.DatetimeIndex, middle: pd.DatetimeIndex, days: int
) -> np.ndarray:
    """Average a daily series over the window of each composite.

    Windows are truncated at both ends of the series.

    Parameters
    ----------
    values : ndarray, shape (n, time)
        Daily series without gaps, in any unit.
    time : DatetimeIndex, shape (time,)
        Consecutive days.
    middle : DatetimeIndex, shape (composite,)
        Mid-window dates.
    days : int
        Length of the window [d].

    Returns
    -------
    ndarray, shape (n, composite)
        Means in the unit of ``values``.
    """
    start = np.asarray((pd.DatetimeIndex(middle) - time[0]).days) - days // 2
    low = np.clip(start, 0, len(time) - 1)
    high = np.clip(start + days, low + 1, len(time))
    running = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)], axis=1)
    means: np.ndarray = (running[:, high] - running[:, low]) / (high - low)
    return means
