"""Scores at towers that a member has not seen."""

from functools import reduce
from operator import add

import numpy as np
import pandas as pd

from fluxprod.core.scores import Moments, moments

DECIMALS = 4
OVERALL = "all"


def _row(model: str, kind: str, sums: Moments, n_sites: int) -> dict:
    about = {"model": model, "igbp": kind, "n_sites": n_sites, "n_days": int(sums.weight)}
    return {**about, "RMSE": sums.rmse, "MEF": sums.nse, "R": sums.pearson_r}


def site_scores(
    observed: np.ndarray, predicted: dict[str, np.ndarray], site: np.ndarray, igbp: np.ndarray
) -> pd.DataFrame:
    """RMSE [g m-2 d-1], modelling efficiency and R [1] over all days, overall and by land cover.

    All sites are the sum of the land covers, each site-day with the same weight.

    Parameters
    ----------
    observed : ndarray, shape (record,) [g m-2 d-1]
    predicted : dict of ndarray, shape (record,) [g m-2 d-1]
        Out of fold, by model.
    site : ndarray of int, shape (record,)
    igbp : ndarray of str, shape (record,)
        Land cover of the record's site.
    """
    kinds, rows = np.unique(igbp), []
    for model, values in predicted.items():
        valid = np.isfinite(observed) & np.isfinite(values)
        sums = [moments(values[igbp == kind], observed[igbp == kind]) for kind in kinds]
        n_sites = [len(np.unique(site[valid & (igbp == kind)])) for kind in kinds]
        parts = [(OVERALL, reduce(add, sums), sum(n_sites)), *zip(kinds, sums, n_sites)]
        rows += [_row(model, *part) for part in parts]
    return pd.DataFrame(rows).round(DECIMALS)


def overall(table: pd.DataFrame, model: str, measure: str) -> float:
    """One score of one model over all sites."""
    chosen = table[(table.model == model) & (table.igbp == OVERALL)]
    return float(chosen[measure].item())
