"""Scores of each site at each scale of time."""

import numpy as np
import pandas as pd

from fluxprod.core.scores import moments
from fluxprod.evaluation.sites.scales import OF_DAYS, SCALES, RecordLimits, at_scales

SCORES = ("r2", "rmse", "bias", "r")


def series_scores(observed: np.ndarray, estimate: np.ndarray, fewest: int = 1) -> dict[str, float]:
    """Scores of one series, NaN if it is too short.

    Parameters
    ----------
    observed, estimate : ndarray, shape (n,)
        Series in one unit, all finite.
    fewest : int, optional
        Number of values below which scores are NaN.

    Returns
    -------
    dict of float
        ``n``; ``r2`` [1], the Nash-Sutcliffe efficiency (modelling efficiency) against the mean of
        the observed series; ``rmse`` and ``bias``, in the unit of the series; ``r`` [1], Pearson's
        correlation; ``observed_mean`` and ``observed_sd``, the population standard deviation.
    """
    n = len(observed)
    if n < fewest:
        return {"n": n}  # the scores become NaN in the table
    sums = moments(estimate, observed)
    return {
        "n": n,
        "r2": float(sums.nse),
        "rmse": float(sums.rmse),
        "bias": float(sums.bias),
        "r": float(sums.pearson_r),
        "observed_mean": float(sums.mean_reference),
        "observed_sd": float(np.sqrt(sums.reference2 / sums.weight)),
    }


def site_skill(
    observed: np.ndarray,
    estimates: dict[str, np.ndarray],
    site: np.ndarray,
    time: np.ndarray,
    limits: RecordLimits = OF_DAYS,
) -> pd.DataFrame:
    """Scores of every model at every site and scale.

    Parameters
    ----------
    observed : ndarray, shape (record,)
        Observed NEE [g m-2 d-1].
    estimates : dict of ndarray, shape (record,)
        Estimated NEE by model [g m-2 d-1]; NaN where a model has none.
    site : ndarray, shape (record,)
        Name or number of the site of each record.
    time : ndarray of datetime64, shape (record,)
        Day of each record; the records may be in any order.
    limits : RecordLimits, optional
        Fewest records of a mean and fewest values of a score.

    Returns
    -------
    DataFrame
        One row per model, site and scale of `at_scales`: ``model``, ``site``, ``scale``, and the
        columns of `series_scores`, which are NaN where a series is too short. ``observed_mean`` and
        ``observed_sd`` are there so that sites can be pooled without the records.
    """
    names, place = np.unique(site, return_inverse=True)
    order = np.argsort(place, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(place, minlength=len(names)))[:-1])
    rows = []
    for model, estimate in estimates.items():
        for name, part in zip(names.tolist(), parts, strict=True):
            series = at_scales(time[part], observed[part], estimate[part], limits)
            for scale in SCALES:
                of_site, of_model = series[scale]
                scores = series_scores(of_site, of_model, limits.fewest(scale))
                rows.append({"model": model, "site": name, "scale": scale, **scores})
    columns = ["model", "site", "scale", "n", *SCORES, "observed_mean", "observed_sd"]
    return pd.DataFrame(rows, columns=columns)
