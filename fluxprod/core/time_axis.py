"""Axes of days and months, and the calendar day, which is the axis of mean seasonal cycles.

The calendar day runs from 1 to 366 as in a leap year: in every year, 29 February is day 60 and
1 March is day 61, so that seasons do not shift by a day between years.
"""

import numpy as np
import pandas as pd

CALENDAR_DAYS = 366
LEAP_DAY = 60
MONTHS = 12


def daily_axis(first_year: int, last_year: int) -> pd.DatetimeIndex:
    """All days from 1 January of the first year to 31 December of the last."""
    return pd.date_range(f"{first_year}-01-01", f"{last_year}-12-31", freq="D", unit="s")


def monthly_axis(first_year: int, last_year: int) -> pd.DatetimeIndex:
    """First day of each month from the first to the last year."""
    return pd.date_range(f"{first_year}-01-01", f"{last_year}-12-31", freq="MS", unit="s")


def calendar_day(time: pd.DatetimeIndex) -> np.ndarray:
    """Calendar day of each date, 1 to 366 as in a leap year."""
    time = pd.DatetimeIndex(time)
    after_february = ~time.is_leap_year & (time.day_of_year >= LEAP_DAY)
    return np.asarray(time.day_of_year + after_february)


def month_days(months: pd.DatetimeIndex) -> np.ndarray:
    """Length of each calendar month [d]."""
    return np.asarray(pd.DatetimeIndex(months).days_in_month, dtype=float)


def monthly_means(daily: np.ndarray, time: pd.DatetimeIndex) -> np.ndarray:
    """Average days to calendar months along the last axis, (..., time) to (..., month).

    Raises
    ------
    ValueError
        If the days do not make up whole months.
    """
    time = pd.DatetimeIndex(time)
    if time[0].day != 1 or (time[-1] + pd.Timedelta("1D")).day != 1:
        raise ValueError(f"{time[0]:%F} to {time[-1]:%F} are not whole months")
    start = np.flatnonzero(time.day == 1)
    count = np.diff(np.append(start, len(time)))
    return np.add.reduceat(daily, start, axis=-1) / count
