"""The screening rules: which days each one removes, and which it cannot judge."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.variables import VARIABLES
from fluxprod.towers.season import season_quantiles
from fluxprod.towers.settings import ScreeningSettings

QUARTILES = (0.25, 0.75)


class Verdict(NamedTuple):
    """Days that a rule removes and days that it cannot judge: disjoint masks of shape (time,)."""

    removed: np.ndarray
    unjudged: np.ndarray


def gap_filled(tower: xr.Dataset, days: np.ndarray, limits: ScreeningSettings) -> Verdict:
    """Days with too few good half hours; an unknown share of good half hours counts as 0."""
    if not limits.min_qc:
        return no_verdict(days)
    return Verdict(days & ~(tower.NEE_QC.values >= limits.min_qc), np.zeros_like(days))


def impossible(tower: xr.Dataset, days: np.ndarray, limits: ScreeningSettings) -> Verdict:
    """Days with a larger NEE, of either sign, than an ecosystem can have.

    The limit is never wider than the valid range of files between stages, which would drop other
    days without counting them.
    """
    low, high = VARIABLES["NEE"].valid
    limit = limits.max_abs_nee or np.inf
    return outside(tower.NEE.values, days, max(low, -limit), min(high, limit))


def inconsistent(tower: xr.Dataset, days: np.ndarray, limits: ScreeningSettings) -> Verdict:
    """Days on which night-time and daytime GPP disagree more than is usual in their season.

    Both methods partition the same NEE, so the two respirations differ by the same amount.
    """
    share = limits.partitioning_quantile
    if not share:
        return no_verdict(days)
    if not {"GPP_NT", "GPP_DT"} <= set(tower.data_vars):
        return Verdict(np.zeros_like(days), days)
    residual = np.where(days, tower.GPP_NT.values - tower.GPP_DT.values, np.nan)
    low, high = season_quantiles(residual, _time(tower), limits.window, (share, 1.0 - share))
    return outside(residual, days, low, high)


def outlying(tower: xr.Dataset, days: np.ndarray, limits: ScreeningSettings) -> Verdict:
    """Days whose NEE lies outside Tukey's fences of their season."""
    if not limits.outlier_iqr:
        return no_verdict(days)
    nee = np.where(days, tower.NEE.values, np.nan)
    lower, upper = season_quantiles(nee, _time(tower), limits.window, QUARTILES)
    reach = limits.outlier_iqr * (upper - lower)
    return outside(nee, days, lower - reach, upper + reach)


def outside(
    values: np.ndarray, days: np.ndarray, low: np.ndarray | float, high: np.ndarray | float
) -> Verdict:
    """Days outside bounds; a day cannot be judged if its value or a bound is NaN.

    Parameters
    ----------
    values : ndarray, shape (time,)
        Daily values, in any unit.
    days : ndarray of bool, shape (time,)
        Days to judge.
    low, high : ndarray, shape (time,), or float
        Bounds in the unit of ``values``.

    Returns
    -------
    Verdict
        Days outside the bounds, and days that cannot be judged.
    """
    unknown = np.isnan(values) | np.isnan(low) | np.isnan(high)
    return Verdict(days & ((values < low) | (values > high)), days & unknown)


def no_verdict(days: np.ndarray) -> Verdict:
    """Verdict of a rule that is switched off."""
    return Verdict(np.zeros_like(days), np.zeros_like(days))


def _time(tower: xr.Dataset) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(tower.time.values)


Rule = Callable[[xr.Dataset, np.ndarray, ScreeningSettings], Verdict]
# in the order in which they are applied
RULES: dict[str, Rule] = {
    "quality": gap_filled,
    "impossible": impossible,
    "partitioning": inconsistent,
    "outlier": outlying,
}
