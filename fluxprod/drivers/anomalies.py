"""Running anomalies: the memory of unusual weather that mean seasonal cycles do not carry."""

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import calendar_day
from fluxprod.drivers.seasonal_cycle import window_means

WINDOW = 61  # d, two months: docs/decisions/0012-anomaly-drivers.md


def running_anomaly(values: np.ndarray, cycle: np.ndarray, time: pd.DatetimeIndex) -> np.ndarray:
    """Average the anomalies of each day and of the 60 days before it.

    No day depends on later weather. At the start of a series, fewer than 60 days come before.

    Parameters
    ----------
    values : ndarray, shape (n, time)
        Daily series, in any unit.
    cycle : ndarray, shape (n, 366)
        Mean seasonal cycle by calendar day, in the unit of ``values``.
    time : DatetimeIndex, shape (time,)
        Consecutive days.

    Returns
    -------
    ndarray, shape (n, time)
        Running anomalies, in the unit of ``values``.
    """
    anomaly = values - cycle[:, calendar_day(time) - 1]
    middle = time - pd.Timedelta(days=WINDOW // 2)
    return window_means(anomaly, time, middle, WINDOW)
