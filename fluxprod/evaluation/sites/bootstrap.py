"""Bootstrap over sites: how much a score depends on which sites were drawn.

Sites are drawn with replacement, each with all its records, because days of one site are not
independent of one another (Efron and Tibshirani 1993, doi:10.1201/9780429246593).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.evaluation.sites.pooled import daily_rows, of_site_means, pooled_mef, pooled_rmse
from fluxprod.evaluation.sites.quantiles import share_below_zero

LOW, HIGH = 0.05, 0.95
# value of a statistic for the rows of one model, once per draw of sites (draw, site)
Statistic = Callable[[pd.DataFrame, str, np.ndarray], np.ndarray]


class Interval(NamedTuple):
    """Value from the sites as they are, and quantiles over the draws of sites."""

    value: float
    q05: float
    q95: float


def over_sites(
    score: str, scale: str, reduce: Callable[[np.ndarray], float] = lambda x: float(np.median(x))
) -> Statistic:
    """Statistic over the scores of sites, by default their median.

    Parameters
    ----------
    score, scale : str
        Column of `site_skill`, and the scale of its rows.
    reduce : callable, optional
        Takes the finite scores, shape (site,).
    """

    def statistic(table: pd.DataFrame, model: str, draws: np.ndarray) -> np.ndarray:
        rows = table[(table.model == model) & (table.scale == scale)]
        values = rows.set_index("site")[score].reindex(_sites(table)).to_numpy(float)
        drawn = (values[draw] for draw in draws)
        finite = (each[np.isfinite(each)] for each in drawn)
        return np.array([reduce(each) if len(each) else np.nan for each in finite])

    return statistic


def share_of_sites_below_zero(scale: str) -> Statistic:
    """Share of sites whose R2 is negative at a scale."""
    return over_sites("r2", scale, share_below_zero)


def mef_of_all_records(table: pd.DataFrame, model: str, draws: np.ndarray) -> np.ndarray:
    """Modelling efficiency of all daily records together, for each draw."""
    return pooled_mef(_daily(table, model), _counts(draws))


def rmse_of_all_records(table: pd.DataFrame, model: str, draws: np.ndarray) -> np.ndarray:
    """RMSE of all daily records together [g m-2 d-1], for each draw."""
    return pooled_rmse(_daily(table, model), _counts(draws))


def r2_of_site_means(table: pd.DataFrame, model: str, draws: np.ndarray) -> np.ndarray:
    """R2 of the means of sites, for each draw."""
    return of_site_means(_daily(table, model), _counts(draws)).nse


def bootstrap(
    table: pd.DataFrame,
    model: str,
    statistic: Statistic,
    rng: np.random.Generator,
    *,
    n_draws: int = 1000,
) -> Interval:
    """Range of a statistic of one model over draws of the sites.

    Parameters
    ----------
    table : DataFrame
        Of `site_skill`.
    model : str
        Model in that table.
    statistic : callable
        Such as ``over_sites("r2", "daily")``, ``share_of_sites_below_zero("daily")``,
        `mef_of_all_records` or `r2_of_site_means`.
    rng : Generator
        Source of the draws.
    n_draws : int, optional
        Number of draws.

    Returns
    -------
    Interval
        The value, and its 5 and 95 % quantiles over the draws.
    """
    as_they_are, draws = _draws(table, rng, n_draws)
    return _range(statistic(table, model, as_they_are), statistic(table, model, draws))


def bootstrap_difference(
    table: pd.DataFrame,
    models: tuple[str, str],
    statistic: Statistic,
    rng: np.random.Generator,
    *,
    n_draws: int = 1000,
) -> Interval:
    """Range of the first model's statistic minus the second's, on the same sites in each draw.

    Parameters
    ----------
    table : DataFrame
        Of `site_skill`.
    models : tuple of str
        Two models in the table.
    statistic : callable
        As for `bootstrap`.
    rng : Generator
        Source of the draws.
    n_draws : int, optional
        Number of draws.

    Returns
    -------
    Interval
        The difference, and its 5 and 95 % quantiles over the draws.
    """
    first, second = models
    as_they_are, draws = _draws(table, rng, n_draws)
    value, drawn = (
        statistic(table, first, each) - statistic(table, second, each)
        for each in (as_they_are, draws)
    )
    return _range(value, drawn)


def _low_and_high(drawn: np.ndarray) -> tuple[float, float]:
    """5 and 95 % quantiles of the finite values; NaN if there are none."""
    finite = drawn[np.isfinite(drawn)]
    if not len(finite):
        return np.nan, np.nan
    low, high = np.quantile(finite, (LOW, HIGH))
    return float(low), float(high)


def _sites(table: pd.DataFrame) -> np.ndarray:
    return np.unique(table.site.to_numpy())


def _daily(table: pd.DataFrame, model: str) -> pd.DataFrame:
    """Daily rows of a model in the order of `_sites`."""
    return daily_rows(table, model).set_index("site").reindex(_sites(table))


def _draws(
    table: pd.DataFrame, rng: np.random.Generator, n_draws: int
) -> tuple[np.ndarray, np.ndarray]:
    """Places of the sites as they are, shape (1, site), and of draws, shape (draw, site)."""
    n = len(_sites(table))
    return np.arange(n)[None], rng.integers(n, size=(n_draws, n))


def _counts(draws: np.ndarray) -> np.ndarray:
    """How often each site is in each draw."""
    n = draws.shape[1]
    return np.array([np.bincount(draw, minlength=n) for draw in draws], float)


def _range(value: np.ndarray, drawn: np.ndarray) -> Interval:
    return Interval(float(value[0]), *_low_and_high(drawn))
