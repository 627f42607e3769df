"""Tables of networks and other regressions at real towers that none of them trained on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.random import default_rng

from fluxprod.evaluation.sites.bootstrap import (
    Statistic,
    bootstrap,
    bootstrap_difference,
    mef_of_all_records,
    over_sites,
    r2_of_site_means,
    rmse_of_all_records,
    share_of_sites_below_zero,
)
from fluxprod.evaluation.sites.no_skill import no_skill
from fluxprod.evaluation.sites.scales import (
    ANNUAL,
    ANOMALY,
    DAILY,
    MONTHLY,
    OF_DAYS,
    OF_MONTHS,
    SEASON,
    SEASON_SHAPE,
)
from fluxprod.evaluation.sites.scores import site_skill

DECIMALS = 4
# Scores by which models are compared, in the order of the table
HEADLINES: dict[str, Statistic] = {
    "MEF of all records": mef_of_all_records,
    "RMSE of all records": rmse_of_all_records,
    "R2 of site means": r2_of_site_means,
    "share of sites with R2 below 0": share_of_sites_below_zero(DAILY),
    "median R2": over_sites("r2", DAILY),
    "median R2, monthly": over_sites("r2", MONTHLY),
    "median R2, seasonal cycle": over_sites("r2", SEASON),
    "median R2, shape of the seasonal cycle": over_sites("r2", SEASON_SHAPE),
    "median R, anomalies": over_sites("r", ANOMALY),
    "median R2, anomalies": over_sites("r2", ANOMALY),
    "median R2, annual anomalies": over_sites("r2", ANNUAL),
}
Runs = Mapping[str, Mapping[int, np.ndarray]]  # estimates (record,) by model and seed


def run_name(model: str, seed: int) -> str:
    """Name of the estimates of a model that was trained with a seed."""
    return f"{model} {seed}"


def prediction_table(records: xr.Dataset, fold: np.ndarray, runs: Runs) -> pd.DataFrame:
    """Observed and estimated NEE of each record.

    Parameters
    ----------
    records : Dataset
        Records of towers, as returned by `real_tower_records`.
    fold : ndarray of int, shape (site,)
        Fold in which each site is held out.
    runs : dict of dict of ndarray, shape (record,)
        Out-of-fold NEE by model and seed [g m-2 d-1].
    """
    site = records.site_index.values
    facts = {
        "site": records.site.values[site],
        "igbp": records.igbp.values[site],
        "fold": fold[site],
        "time": pd.DatetimeIndex(records.time.values).strftime("%Y-%m-%d"),
    }
    values = {"observed": records.NEE.values, **_estimates(runs)}
    return pd.DataFrame(facts | values).round(DECIMALS)


def skill_table(records: xr.Dataset, fold: np.ndarray, runs: Runs) -> pd.DataFrame:
    """Scores of every model and seed, and of the estimates without skill, at every site and scale.

    Parameters
    ----------
    records : Dataset
        Records of towers, as returned by `real_tower_records`.
    fold : ndarray of int, shape (site,)
        Fold in which each site is held out.
    runs : dict of dict of ndarray, shape (record,)
        Out-of-fold NEE by model and seed [g m-2 d-1].

    Returns
    -------
    DataFrame
        Of `site_skill`; the name of a model and the seed are joined by `run_name`.
    """
    site, time = records.site_index.values, records.time.values
    observed = records.NEE.values
    about = (records.igbp.values.astype(str)[site], records.lat.values[site])
    estimates = _estimates(runs) | no_skill(observed, site, fold[site], time, *about)
    limits = OF_DAYS if records.daily.values[site].any() else OF_MONTHS
    return site_skill(observed, estimates, records.site.values[site], time, limits)


def headline_table(skill: pd.DataFrame, runs: Runs, seed: int, n_draws: int) -> pd.DataFrame:
    """Scores of each model, their range over seeds, and how much they depend on the sites.

    Parameters
    ----------
    skill : DataFrame
        Of `skill_table`.
    runs : dict of dict
        Seeds of each model; the first model is the one with which all others are compared.
    seed : int
        Seed of the draws of sites, which are the same for all scores and models.
    n_draws : int
        Number of draws.

    Returns
    -------
    DataFrame
        One row per ``score`` and ``model``. ``mean``, ``lowest`` and ``highest`` are over seeds;
        ``q05`` and ``q95`` are quantiles of the mean over draws of sites. ``gain``, ``gain_q05``
        and ``gain_q95`` are the same for the difference from the first model, on the same sites.
    """
    names = {model: [run_name(model, each) for each in seeds] for model, seeds in runs.items()}
    known = {name for of_model in names.values() for name in of_model}
    names |= {name: [name] for name in skill.model.unique() if name not in known}
    first = next(iter(names))
    as_they_are = np.arange(skill.site.nunique())[None]
    rows = []
    for score, statistic in HEADLINES.items():
        mean = _over_seeds(statistic, names)
        for model, of_seeds in names.items():
            each = [statistic(skill, name, as_they_are)[0] for name in of_seeds]
            of_model = bootstrap(skill, model, mean, default_rng(seed), n_draws=n_draws)
            gain = bootstrap_difference(
                skill, (model, first), mean, default_rng(seed), n_draws=n_draws
            )
            rows.append(
                {
                    "score": score,
                    "model": model,
                    "mean": of_model.value,
                    "lowest": min(each),
                    "highest": max(each),
                    "q05": of_model.q05,
                    "q95": of_model.q95,
                    "gain": gain.value,
                    "gain_q05": gain.q05,
                    "gain_q95": gain.q95,
                }
            )
    return pd.DataFrame(rows).round(DECIMALS)


def gathered_predictions(
    parts: Iterable[tuple[np.ndarray, Any]], inner: np.ndarray
) -> tuple[np.ndarray, list[dict[str, float]]]:
    """Combine the estimates of the scored folds.

    Parameters
    ----------
    parts : iterable of (ndarray, choice)
        Estimates at the scored records of each fold in turn, and the settings chosen for it.
    inner : ndarray of int, shape (fold, record)
        Negative where a record is scored, which is once in each column, or never.

    Returns
    -------
    estimate : ndarray, shape (record,)
        NEE [g m-2 d-1], NaN where a record is never scored.
    choices : list of dict
        Chosen settings by fold.
    """
    estimate, choices = np.full(inner.shape[1], np.nan), []
    for (values, choice), of_fold in zip(parts, inner, strict=True):
        estimate[of_fold < 0] = values
        choices.append(asdict(choice))
    return estimate, choices


def choice_table(chosen: dict[str, list[dict[str, float]]], folds: np.ndarray) -> pd.DataFrame:
    """Settings chosen for each model and scored fold, and their error on the inner folds.

    Parameters
    ----------
    chosen : dict of list of dict
        Choices by model, in the order of the folds.
    folds : ndarray of int, shape (fold,)
        Numbers of the scored folds.
    """
    rows = [
        {"model": model, "fold": fold, "choice": name, "value": float(f"{value:.6g}")}
        for model, of_folds in chosen.items()
        for fold, settings in zip(folds.tolist(), of_folds, strict=True)
        for name, value in settings.items()
    ]
    return pd.DataFrame(rows)


def _estimates(runs: Runs) -> dict[str, np.ndarray]:
    return {
        run_name(model, seed): estimate
        for model, seeds in runs.items()
        for seed, estimate in seeds.items()
    }


def _over_seeds(statistic: Statistic, names: Mapping[str, Sequence[str]]) -> Statistic:
    """Statistic of a model as the mean over its seeds."""

    def mean(table: pd.DataFrame, model: str, draws: np.ndarray) -> np.ndarray:
        of_seeds = [statistic(table, name, draws) for name in names[model]]
        value: np.ndarray = np.mean(of_seeds, axis=0)
        return value

    return mean
