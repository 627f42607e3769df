"""Scores of many sites together, from the scores of each."""

import numpy as np
import pandas as pd

from fluxprod.core.scores import Moments, moments
from fluxprod.evaluation.sites.scales import DAILY


def of_site_means(daily: pd.DataFrame, weight: np.ndarray | float = 1.0) -> Moments:
    """Compare the mean of each site with its observed mean; every site counts once.

    Parameters
    ----------
    daily : DataFrame
        Rows of `site_skill` of one model at the daily scale.
    weight : ndarray, shape (..., site), optional
        How often each site counts.

    Returns
    -------
    Moments
        Sums over sites, of shape (...).
    """
    observed = daily.observed_mean.to_numpy()
    return moments(observed + daily.bias.to_numpy(), observed, weight)


def pooled_rmse(daily: pd.DataFrame, weight: np.ndarray | float = 1.0) -> np.ndarray:
    """RMSE over all records of all sites [g m-2 d-1]; parameters as in `of_site_means`."""
    records = weight * _records(daily)
    squared = (records * np.nan_to_num(daily.rmse.to_numpy()) ** 2).sum(axis=-1)
    rmse: np.ndarray = np.sqrt(squared / records.sum(axis=-1))
    return rmse


def pooled_mef(daily: pd.DataFrame, weight: np.ndarray | float = 1.0) -> np.ndarray:
    """Modelling efficiency over all records of all sites; parameters as in `of_site_means`.

    The variance of all records is the variance within sites and that between the means of sites.
    """
    records = weight * _records(daily)
    total = records.sum(axis=-1)
    mean, sd = (np.nan_to_num(daily[name].to_numpy()) for name in ("observed_mean", "observed_sd"))
    centre = ((records * mean).sum(axis=-1) / total)[..., None]
    variance = (records * (sd**2 + (mean - centre) ** 2)).sum(axis=-1) / total
    mef: np.ndarray = 1.0 - pooled_rmse(daily, weight) ** 2 / variance
    return mef


def daily_rows(table: pd.DataFrame, model: str) -> pd.DataFrame:
    """Rows of `site_skill` of one model at the daily scale."""
    return table[(table.model == model) & (table.scale == DAILY)]


def _records(daily: pd.DataFrame) -> np.ndarray:
    """Number of records of each site; 0 at sites with too few for scores."""
    counted: np.ndarray = np.where(daily.rmse.notna(), daily.n, 0).astype(float)
    return counted
