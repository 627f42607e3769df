"""The rules of screening, one by one: what each removes and what it cannot judge."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.variables import VARIABLES
from fluxprod.towers.season import season_quantiles

QUARTILES = (0.25, 0.75)


class Limits(NamedTuple):
    """Limits of the rules; a rule whose limit is 0 is off.

    Parameters
    ----------
    min_qc : float
        Share of good half hours that a day needs [1].
    max_abs_nee : float
        Larger absolute NEE are instrument errors [g m-2 d-1]; where off, the valid range of the
        vocabulary is the limit.
    partitioning_quantile : float
        Days with a partitioning residual outside this quantile or its complement go [1].
    outlier_iqr : float
        Interquartile ranges beyond the quartiles where outliers begin [1].
    window : int
        Calendar days of a season, an odd number [d].
    """

    min_qc: float
    max_abs_nee: float
    partitioning_quantile: float
    outlier_iqr: float
    window: int


class Verdict(NamedTuple):
    """What a rule says of each day, shape (time,): two masks that never overlap."""

    removed: np.ndarray
    unjudged: np.ndarray


def gap_filled(tower: xr.Dataset, days: np.ndarray, limits: Limits) -> Verdict:
    """Days with too few good half hours; a day whose share is not known has none."""
    if not limits.min_qc:
        return nothing(days)
    return Verdict(days & ~(tower.NEE_QC.values >= limits.min_qc), np.zeros_like(days))


def impossible(tower: xr.Dataset, days: np.ndarray, limits: Limits) -> Verdict:
    """Days with a larger NEE, up or down, than an ecosystem can have.

    Never more than a file between stages holds: what is dropped there would be counted nowhere.
    """
    low, high = VARIABLES["NEE"].valid
    limit = limits.max_abs_nee or np.inf
    return beyond(tower.NEE.values, days, max(low, -limit), min(high, limit))


def inconsistent(tower: xr.Dataset, days: np.ndarray, limits: Limits) -> Verdict:
    """Days on which night-time and daytime GPP disagree more than is usual in their season.

    Both partition the same NEE, so that the difference of the respirations is the same one.
    """
    share = limits.partitioning_quantile
    if not share:
        return nothing(days)
    if not {"GPP_NT", "GPP_DT"} <= set(tower.data_vars):
        return Verdict(np.zeros_like(days), days)
    residual = np.where(days, tower.GPP_NT.values - tower.GPP_DT.values, np.nan)
    low, high = season_quantiles(residual, _time(tower), limits.window, (share, 1.0 - share))
    return beyond(residual, days, low, high)


def outlying(tower: xr.Dataset, days: np.ndarray, limits: Limits) -> Verdict:
    """Days whose NEE lies outside Tukey's fences of their season."""
    if not limits.outlier_iqr:
        return nothing(days)
    nee = np.where(days, tower.NEE.values, np.nan)
    lower, upper = season_quantiles(nee, _time(tower), limits.window, QUARTILES)
    reach = limits.outlier_iqr * (upper - lower)
    return beyond(nee, days, lower - reach, upper + reach)


def beyond(
    values: np.ndarray, days: np.ndarray, low: np.ndarray | float, high: np.ndarray | float
) -> Verdict:
    """Days outside of bounds; NaN in a value or bound judges nothing."""
    unknown = np.isnan(values) | np.isnan(low) | np.isnan(high)
    return Verdict(days & ((values < low) | (values > high)), days & unknown)


def nothing(days: np.ndarray) -> Verdict:
    """The verdict of a rule that is off."""
    return Verdict(np.zeros_like(days), np.zeros_like(days))


def _time(tower: xr.Dataset) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(tower.time.values)


Rule = Callable[[xr.Dataset, np.ndarray, Limits], Verdict]
# in the order in which they are applied
RULES: dict[str, Rule] = {
    "quality": gap_filled,
    "impossible": impossible,
    "partitioning": inconsistent,
    "outlier": outlying,
}
