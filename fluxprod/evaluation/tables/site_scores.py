"""Out-of-fold scores at towers."""

from functools import reduce
from operator import add

import numpy as np
import pandas as pd

from fluxprod.core.scores import Moments, moments

DECIMALS = 4
OVERALL = "all"


def _row(model: str, kind: str, sums: Moments, n_sites: int) -> dict[str, object]:
    about = {
        "model": model,
        "igbp": kind,
        "n_sites": n_sites,
        "n_days": int(sums.weight),
    }
    return {**about, "RMSE": sums.rmse, "MEF": sums.nse, "R": sums.pearson_r}


def site_scores(
    observed: np.ndarray, predicted: dict[str, np.ndarray], site: np.ndarray, igbp: np.ndarray
) -> pd.DataFrame:
    """Scores over all site-days, overall and by land cover, with equal weights for all site-days.

    Parameters
    ----------
    observed : ndarray, shape (record,)
        Observed NEE [g m-2 d-1].
    predicted : dict of ndarray, shape (record,)
        Out-of-fold NEE by model [g m-2 d-1].
    site : ndarray of int, shape (record,)
        Index of the site of each record.
    igbp : ndarray of str, shape (record,)
        Land cover of the site of each record.

    Returns
    -------
    DataFrame
        One row per model and land cover: ``n_sites``, ``n_days``, ``RMSE`` [g m-2 d-1], ``MEF``
        (modelling efficiency) and ``R`` [1].
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
    """Score of a model over all sites."""
    chosen = table[(table.model == model) & (table.igbp == OVERALL)]
    return float(chosen[measure].item())
