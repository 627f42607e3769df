"""Quality screening of daily tower records.

The rules of Tramontana et al. (2016, doi:10.5194/bg-13-4291-2016) as public code repeats them
(geco-bern/ingestr): a day needs enough good half hours, its night-time and daytime partitioning
must agree, and it must be no outlier. Rules come in that order; each judges the days that those
before it kept, so that gap-filled days do not set the quantiles of measured ones. Quantiles are
those of a season: over the whole year they would cut off a site's summer, when fluxes and their
disagreement are largest (docs/decisions/0009-screening.md).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.time_axis import CALENDAR_DAYS, calendar_day

MIN_DAYS = 20  # d, fewer have no quantiles worth the name


class Screening(NamedTuple):
    """Limits of the rules.

    Parameters
    ----------
    min_qc : float
        Share of good half hours that a day needs [1].
    max_abs_nee : float
        Larger absolute NEE are instrument errors [g m-2 d-1].
    partitioning_quantile : float
        Days with a partitioning residual outside this quantile or its complement go [1]; 0 is off.
    outlier_iqr : float
        Interquartile ranges beyond the quartiles where outliers begin [1]; 0 is off.
    window : int
        Calendar days of all years, whose quantiles judge the day in their middle [d].
    """

    min_qc: float
    max_abs_nee: float
    partitioning_quantile: float
    outlier_iqr: float
    window: int


def screened(tower: xr.Dataset, limits: Screening) -> tuple[xr.Dataset, dict[str, int]]:
    """Blank NEE on days that a rule removes.

    Parameters
    ----------
    tower : Dataset, dims (time)
        With ``NEE`` [g m-2 d-1], ``NEE_QC`` [1] and, where there, ``GPP_NT``, ``GPP_DT``.
    limits : Screening

    Returns
    -------
    Dataset
        The same with NaN where a day fails.
    dict of str to int
        Days with NEE, those that each rule of ``RULES`` removed, and those that are kept [d].
    """
    keep = np.isfinite(tower.NEE.values)
    days = {"days": int(keep.sum())}
    for name, rule in RULES.items():
        passing = keep & rule(tower, keep, limits)
        days[name] = int(keep.sum() - passing.sum())
        keep = passing
    days["kept"] = int(keep.sum())
    assert days["days"] == days["kept"] + sum(days[name] for name in RULES), days
    return tower.assign(NEE=tower.NEE.where(xr.DataArray(keep, dims="time"))), days


def enough_measured(tower: xr.Dataset, keep: np.ndarray, limits: Screening) -> np.ndarray:
    """Days with enough good half hours, shape (time,); a day without QC fails."""
    return tower.NEE_QC.values >= limits.min_qc


def possible(tower: xr.Dataset, keep: np.ndarray, limits: Screening) -> np.ndarray:
    """Days with NEE that can be, shape (time,)."""
    return np.abs(tower.NEE.values) <= limits.max_abs_nee


def partitioning_agrees(tower: xr.Dataset, keep: np.ndarray, limits: Screening) -> np.ndarray:
    """Days on which night-time and daytime GPP agree as usual in their season, shape (time,).

    Both partition the same NEE, so their difference is that of the respirations, too. Days
    without one of them pass: there is nothing to compare.
    """
    share = limits.partitioning_quantile
    if not share or not {"GPP_NT", "GPP_DT"} <= set(tower.data_vars):
        return np.ones(len(keep), bool)
    residual = tower.GPP_NT.values - tower.GPP_DT.values
    known = keep & np.isfinite(residual)
    low, high = _by_season(residual, known, tower, limits.window, [share, 1.0 - share])
    return ~known | ((residual >= low) & (residual <= high))


def no_outlier(tower: xr.Dataset, keep: np.ndarray, limits: Screening) -> np.ndarray:
    """Days whose NEE lies within Tukey's fences of their season, shape (time,)."""
    if not limits.outlier_iqr:
        return np.ones(len(keep), bool)
    nee = tower.NEE.values
    lower, upper = _by_season(nee, keep, tower, limits.window, [0.25, 0.75])
    reach = limits.outlier_iqr * (upper - lower)
    return ~keep | ((nee >= lower - reach) & (nee <= upper + reach))


def _by_season(
    values: np.ndarray, use: np.ndarray, tower: xr.Dataset, window: int, shares: list[float]
) -> np.ndarray:
    """Quantiles of the used days within half a window of each day's calendar day, in all years.

    Shape (quantile, time). Days without enough of a season about them have infinite quantiles:
    nothing can be said of them.
    """
    found = np.repeat([[-np.inf], [np.inf]], len(values), axis=1)
    day = calendar_day(pd.DatetimeIndex(tower.time.values))
    for middle in np.unique(day[use]):
        distance = np.abs(day - middle)
        near = np.minimum(distance, CALENDAR_DAYS - distance) <= window // 2
        season = values[use & near]
        if len(season) >= MIN_DAYS:
            found[:, day == middle] = np.quantile(season, shares)[:, None]
    return found


Rule = Callable[[xr.Dataset, np.ndarray, Screening], np.ndarray]
RULES: dict[str, Rule] = {
    "quality": enough_measured,
    "impossible": possible,
    "partitioning": partitioning_agrees,
    "outlier": no_outlier,
}
