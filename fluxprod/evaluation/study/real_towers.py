"""Tables of EC and baseline regressions at real towers."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.evaluation.tables.site_scores import site_scores

DECIMALS = 4
EC_PAPER, EC_NESTED, FOREST, RIDGE = "EC_paper_epoch", "EC_nested", "forest_nested", "ridge_nested"
MEANING = {
    EC_PAPER: "EC, best epoch chosen on the scored fold as the paper does: optimistic",
    EC_NESTED: "EC, all chosen on inner folds by site",
    FOREST: "random forest, leaf size chosen on the same inner folds",
    RIDGE: "ridge regression, alpha chosen on the same inner folds",
}


def score_table(records: xr.Dataset, predicted: dict[str, np.ndarray]) -> pd.DataFrame:
    """Out-of-fold RMSE [g m-2 d-1], MEF and R [1], overall and by biome."""
    site = records.site_index.values
    table = site_scores(records.NEE.values, predicted, site, records.igbp.values[site])
    return table.rename(columns={"n_days": "n_months"})


def prediction_table(
    records: xr.Dataset, fold: np.ndarray, predicted: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Observed and estimated NEE of each site-month.

    Parameters
    ----------
    records : Dataset
        Monthly tower records.
    fold : ndarray of int, shape (site,)
        Fold in which each site is held out.
    predicted : dict of ndarray, shape (record,)
        Out-of-fold NEE by model [g m-2 d-1].
    """
    site = records.site_index.values
    facts = {
        "site": records.site.values[site],
        "igbp": records.igbp.values[site],
        "fold": fold[site],
        "month": pd.DatetimeIndex(records.time.values).strftime("%Y-%m"),
    }
    values = {"observed": records.NEE.values, **predicted}
    return pd.DataFrame(facts | values).round(DECIMALS)


def gathered_predictions(
    parts: Iterable[tuple[np.ndarray, Any]], inner: np.ndarray
) -> tuple[np.ndarray, list[dict[str, float]]]:
    """Combine the estimates of the scored folds.

    Parameters
    ----------
    parts : iterable of (ndarray, choice)
        Estimates at the scored records of each fold in turn, and the settings chosen for it.
    inner : ndarray of int, shape (fold, record)
        Negative where a record is scored, which is once in each column.

    Returns
    -------
    estimate : ndarray, shape (record,)
        NEE [g m-2 d-1].
    choices : list of dict
        Chosen settings by fold.
    """
    estimate, choices = np.full(inner.shape[1], np.nan), []
    for (values, choice), of_fold in zip(parts, inner, strict=True):
        estimate[of_fold < 0] = values
        choices.append(asdict(choice))
    return estimate, choices


def choice_table(chosen: dict[str, list[dict[str, float]]]) -> pd.DataFrame:
    """Settings chosen for each model and scored fold, and their error on the inner folds."""
    rows = [
        {"model": model, "fold": fold, "choice": name, "value": float(f"{value:.6g}")}
        for model, of_folds in chosen.items()
        for fold, settings in enumerate(of_folds)
        for name, value in settings.items()
    ]
    return pd.DataFrame(rows)
