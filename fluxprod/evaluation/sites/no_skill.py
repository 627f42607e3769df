"""Estimates without skill, which a model has to beat: they know neither the site nor its drivers.

Both see only the sites of other folds, as a model does that predicts out of fold.
"""

import numpy as np
import pandas as pd

MEAN_OF_OTHERS = "mean of other sites"
SEASON_OF_OTHERS = "season of other sites"
NO_SKILL = (MEAN_OF_OTHERS, SEASON_OF_OTHERS)


def mean_of_other_sites(observed: np.ndarray, site: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Mean NEE of the sites of all other folds; each site counts once.

    Parameters
    ----------
    observed : ndarray, shape (record,)
        Observed NEE [g m-2 d-1].
    site, fold : ndarray, shape (record,)
        Site of each record, and fold of that site.

    Returns
    -------
    ndarray, shape (record,)
        Estimate [g m-2 d-1]; NaN if there is no other fold.
    """
    means = pd.DataFrame({"nee": observed, "site": site, "fold": fold})
    means = means.groupby(["fold", "site"]).nee.mean().reset_index()
    estimate = np.full(len(observed), np.nan)
    for number in np.unique(fold):
        estimate[fold == number] = means.nee[means.fold != number].mean()
    return estimate


def season_of_other_sites(
    observed: np.ndarray,
    site: np.ndarray,
    fold: np.ndarray,
    time: np.ndarray,
    igbp: np.ndarray,
    lat: np.ndarray,
) -> np.ndarray:
    """Mean seasonal cycle, by calendar month, of similar sites in all other folds.

    Similar are the sites of the same land cover in the same hemisphere. Where none has the month,
    all sites of the hemisphere take their place, then all sites, then `mean_of_other_sites`. Each
    site counts once.

    Parameters
    ----------
    observed : ndarray, shape (record,)
        Observed NEE [g m-2 d-1].
    site, fold : ndarray, shape (record,)
        Site of each record, and fold of that site.
    time : ndarray of datetime64, shape (record,)
        Day of each record.
    igbp : ndarray of str, shape (record,)
        Land cover of the site.
    lat : ndarray, shape (record,)
        Latitude of the site [degrees north]; the equator is northern.

    Returns
    -------
    ndarray, shape (record,)
        Estimate [g m-2 d-1]; NaN if there is no other fold.
    """
    month = time.astype("datetime64[M]").astype(int) % 12
    columns = {"nee": observed, "site": site, "fold": fold, "month": month}
    records = pd.DataFrame({**columns, "igbp": igbp, "south": np.asarray(lat) < 0})
    about = ["fold", "site", "igbp", "south", "month"]
    cycles = records.groupby(about).nee.mean().reset_index()
    estimate = mean_of_other_sites(observed, site, fold)
    for number in np.unique(fold):
        own = (fold == number).nonzero()[0]
        estimate[own] = _season(records.iloc[own], cycles[cycles.fold != number], estimate[own])
    return estimate


def _season(records: pd.DataFrame, others: pd.DataFrame, fallback: np.ndarray) -> np.ndarray:
    """The first of the cycles, from the most similar sites to all, that has the month."""
    found = np.full(len(records), np.nan)
    for like in (["month", "igbp", "south"], ["month", "south"], ["month"]):
        cycle = others.groupby(like).nee.mean().rename("season").reset_index()
        season = records[like].merge(cycle, on=like, how="left").season.to_numpy()
        found = np.where(np.isfinite(found), found, season)
    return np.where(np.isfinite(found), found, fallback)


def no_skill(
    observed: np.ndarray,
    site: np.ndarray,
    fold: np.ndarray,
    time: np.ndarray,
    igbp: np.ndarray,
    lat: np.ndarray,
) -> dict[str, np.ndarray]:
    """Both estimates by name, with the parameters of `season_of_other_sites`."""
    return {
        MEAN_OF_OTHERS: mean_of_other_sites(observed, site, fold),
        SEASON_OF_OTHERS: season_of_other_sites(observed, site, fold, time, igbp, lat),
    }
