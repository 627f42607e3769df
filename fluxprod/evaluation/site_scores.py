"""Scores at towers that a member has not seen."""

import numpy as np
import pandas as pd

from fluxprod.scores import nse, pearson_r, rmse

DECIMALS = 4
OVERALL = "all"


def _row(observed: np.ndarray, predicted: np.ndarray, site: np.ndarray) -> dict:
    valid = np.isfinite(observed) & np.isfinite(predicted)
    return {
        "n_sites": len(np.unique(site[valid])),
        "n_days": int(valid.sum()),
        "RMSE": float(rmse(predicted, observed)),
        "MEF": float(nse(predicted, observed)),
        "R": float(pearson_r(predicted, observed)),
    }


def site_scores(
    observed: np.ndarray, predicted: dict[str, np.ndarray], site: np.ndarray, igbp: np.ndarray
) -> pd.DataFrame:
    """RMSE [g m-2 d-1], modelling efficiency and R [1] over all days, overall and by land cover.

    Parameters
    ----------
    observed : ndarray, shape (record,) [g m-2 d-1]
    predicted : dict of ndarray, shape (record,) [g m-2 d-1]
        Out of fold, by model.
    site : ndarray of int, shape (record,)
    igbp : ndarray of str, shape (record,)
        Land cover of the record's site.
    """
    rows = []
    for model, values in predicted.items():
        rows.append({"model": model, "igbp": OVERALL, **_row(observed, values, site)})
        for kind in np.unique(igbp):
            of = igbp == kind
            rows.append({"model": model, "igbp": kind, **_row(observed[of], values[of], site[of])})
    return pd.DataFrame(rows).round(DECIMALS)


def overall(table: pd.DataFrame, model: str, measure: str) -> float:
    """One score of one model over all sites."""
    chosen = table[(table.model == model) & (table.igbp == OVERALL)]
    return float(chosen[measure].item())
