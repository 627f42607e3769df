"""Distribution of the scores over sites."""

import numpy as np
import pandas as pd

from fluxprod.evaluation.sites.pooled import daily_rows, of_site_means, pooled_mef, pooled_rmse
from fluxprod.evaluation.sites.scales import SCALES
from fluxprod.evaluation.sites.scores import SCORES

MEAN = "mean"
POOLED = "pooled"
QUANTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75, "p90": 0.9}


def distribution(values: np.ndarray) -> dict[str, float]:
    """Number of finite values, and their quantiles, interpolated linearly; NaN if there are none.

    Parameters
    ----------
    values : ndarray, shape (site,)
        One score of each site.
    """
    found = values[np.isfinite(values)]
    levels = list(QUANTILES.values())
    at = np.quantile(found, levels) if len(found) else np.full(len(levels), np.nan)
    return {"n_sites": len(found), **dict(zip(QUANTILES, at.tolist(), strict=True))}


def share_below_zero(values: np.ndarray) -> float:
    """Share [1] of the finite values that are negative; NaN if there are none.

    Parameters
    ----------
    values : ndarray, shape (site,)
        R2 of each site, negative where the mean of the site would have been the better estimate.
    """
    found = values[np.isfinite(values)]
    return float((found < 0).mean()) if len(found) else np.nan


def skill_over_sites(table: pd.DataFrame) -> pd.DataFrame:
    """Quantiles of each score over sites, and the scores of all sites together.

    Parameters
    ----------
    table : DataFrame
        Of `site_skill`.

    Returns
    -------
    DataFrame
        One row per ``model``, ``scale`` and ``score``: ``n_sites``; ``q25``, ``median``, ``q75``
        and ``p90`` over sites; and ``share_below_zero`` of R2 [1]. Scores that exist only for all
        sites together are in the column ``value``: those of scale ``mean`` compare the mean NEE of
        sites, each of which counts once, and those of scale ``pooled`` compare all daily records.
    """
    rows: list[dict[str, object]] = []
    for model in table.model.unique():
        of_model = table[table.model == model]
        for scale in SCALES:
            rows += _distributions(of_model[of_model.scale == scale], model, scale)
        rows += _of_all_sites(daily_rows(table, model), model)
    columns = ["model", "scale", "score", "n_sites", *QUANTILES, "share_below_zero", "value"]
    return pd.DataFrame(rows, columns=columns)


def _distributions(rows: pd.DataFrame, model: str, scale: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for score in SCORES:
        values = rows[score].to_numpy(float)
        about = {"model": model, "scale": scale, "score": score, **distribution(values)}
        found.append(
            about | ({"share_below_zero": share_below_zero(values)} if score == "r2" else {})
        )
    return found


def _of_all_sites(daily: pd.DataFrame, model: str) -> list[dict[str, object]]:
    means, n_sites = of_site_means(daily), int(daily.rmse.notna().sum())
    values = {
        (MEAN, "r2"): means.nse,
        (MEAN, "rmse"): means.rmse,
        (POOLED, "r2"): pooled_mef(daily) if n_sites else np.nan,
        (POOLED, "rmse"): pooled_rmse(daily) if n_sites else np.nan,
    }
    return [
        {"model": model, "scale": scale, "score": score, "n_sites": n_sites, "value": float(value)}
        for (scale, score), value in values.items()
    ]
