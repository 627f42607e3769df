"""The mean seasonal cycle of each cell, in steps of eight days, by which cells are compared.

Sums and counts are kept separately until the end, so that data can be read one year at a time.
"""

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import MONTHS, calendar_day

STEP_DAYS = 8  # [d] compositing period of MODIS: 46 steps per year, the last one of 6 days
STEPS = 46


def is_daily(time: pd.DatetimeIndex) -> bool:
    """Whether the dates are daily (True) or monthly (False)."""
    return bool(np.median(np.diff(pd.DatetimeIndex(time))) < np.timedelta64(20, "D"))


def cycle_step(time: pd.DatetimeIndex) -> np.ndarray:
    """Step of the cycle of each date: 0 to 45 for daily dates, 0 to 11 for monthly dates."""
    time = pd.DatetimeIndex(time)
    if is_daily(time):
        return (calendar_day(time) - 1) // STEP_DAYS
    return np.asarray(time.month) - 1


def cycle_sums(nee: np.ndarray, time: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
    """Sum the fluxes, and count the dates, of every step of the cycle.

    Parameters
    ----------
    nee : ndarray, shape (cell, time)
        NEE without gaps [g m-2 d-1].
    time : DatetimeIndex
        Daily or monthly dates.

    Returns
    -------
    sums : ndarray, shape (cell, step)
        Sums of NEE; those of several years can be added [g m-2 d-1].
    counts : ndarray of int, shape (step,)
        Numbers of dates, which can be added as well.
    """
    n_steps = STEPS if is_daily(time) else MONTHS
    member = cycle_step(time)[:, None] == np.arange(n_steps)
    return nee @ member.astype(float), member.sum(axis=0)


def mean_cycle(parts: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Mean seasonal cycle, shape (cell, step) [g m-2 d-1], from sums and counts of each year."""
    total = sum(part for part, _ in parts)
    count = sum(part for _, part in parts)
    return np.asarray(total / count)
