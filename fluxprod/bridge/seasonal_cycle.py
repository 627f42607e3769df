"""The mean seasonal cycle of each cell, in steps of eight days: what cells are compared by.

Sums and counts are kept apart until the last line, so that a cube can be read a year at a time.
"""

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import MONTHS, calendar_day

STEP_DAYS = 8  # d, the compositing period of MODIS; 46 steps a year, the last one of 6 days
STEPS = 46


def is_daily(time: pd.DatetimeIndex) -> bool:
    """Whether the axis has a date a day (True) or a date a month (False)."""
    return bool(np.median(np.diff(pd.DatetimeIndex(time))) < np.timedelta64(20, "D"))


def cycle_step(time: pd.DatetimeIndex) -> np.ndarray:
    """Step of the cycle on which each date falls: 0 to 45 of daily, 0 to 11 of monthly dates."""
    time = pd.DatetimeIndex(time)
    if is_daily(time):
        return (calendar_day(time) - 1) // STEP_DAYS
    return np.asarray(time.month) - 1


def cycle_sums(nee: np.ndarray, time: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
    """Sum and count the dates of every step of the cycle.

    Parameters
    ----------
    nee : ndarray, shape (cell, time)
        NEE [g m-2 d-1], without gaps.
    time : DatetimeIndex
        Daily or monthly.

    Returns
    -------
    ndarray, shape (cell, step) [g m-2 d-1]
        Sums. Sums and counts of several years add.
    ndarray, shape (step,)
        Counts.
    """
    n_steps = STEPS if is_daily(time) else MONTHS
    member = cycle_step(time)[:, None] == np.arange(n_steps)
    return nee @ member.astype(float), member.sum(axis=0)


def mean_cycle(parts: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Mean seasonal cycle, shape (cell, step) [g m-2 d-1], of the years' sums and counts."""
    total = sum(part for part, _ in parts)
    count = sum(part for _, part in parts)
    return np.asarray(total / count)
