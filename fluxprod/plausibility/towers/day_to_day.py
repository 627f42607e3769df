"""Day-to-day variation of daily series: departures from their season, correlation and shifts."""

import numpy as np
import pandas as pd

from fluxprod.core.scores import pearson_r

WINDOW = 31  # d; longer than weather, shorter than a season
FEWEST = 60  # d; fewer pairs of days give no correlation
REACH = 3  # d; largest shift that is tried


def departures(daily: np.ndarray) -> np.ndarray:
    """Subtract the centred running mean of 31 days, shape (time,); NaN where a value is missing."""
    series = pd.Series(daily, dtype=float)
    running = series.rolling(WINDOW, center=True, min_periods=WINDOW // 2).mean()
    departure: np.ndarray = (series - running).to_numpy()
    return departure


def daily_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson's R of two daily series [1]; NaN if fewer than 60 days have both."""
    if (np.isfinite(first) & np.isfinite(second)).sum() < FEWEST:
        return np.nan
    return float(pearson_r(first, second))


def shifted_correlation(first: np.ndarray, second: np.ndarray) -> dict[int, float]:
    """Correlate two daily series at shifts of up to three days.

    Parameters
    ----------
    first, second : ndarray, shape (time,)
        Values of the same days.

    Returns
    -------
    dict of int to float
        By shift [d], R of the first series on a day and the second one that many days earlier [1].
        Shifts without enough days are left out.
    """
    days = len(first)
    pairs = {
        shift: daily_correlation(
            first[max(shift, 0) : days + min(shift, 0)],
            second[max(-shift, 0) : days + min(-shift, 0)],
        )
        for shift in range(-REACH, REACH + 1)
    }
    return {shift: r for shift, r in pairs.items() if np.isfinite(r)}
