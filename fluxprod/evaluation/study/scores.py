"""Scores of the models of a study against the truth, and compared with a reference model."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.scores import bias, detrended, interannual_variability, nnse, pearson_r, rmse
from fluxprod.evaluation.run.periods import annual, mean_annual, spread
from fluxprod.evaluation.run.sources import INVERSIONS, TRUTH
from fluxprod.evaluation.run.totals import GLOBAL, Totals, gathered, map_totals, with_globe
from fluxprod.evaluation.tables.bridge_checks import (
    bridge_totals,
    post_hoc,
    regional_areas,
    shift_test,
)
from fluxprod.evaluation.tables.regions import score
from fluxprod.evaluation.tables.sinks import share_removed

DECIMALS = 4
EARTH = ["seed", "drivers"]  # which two models must share to be compared
MODEL = "model"
NO_BRIDGE = {"shift": np.nan, "post_hoc": np.nan}


class StudiedEarth(NamedTuple):
    """Data of an Earth that do not depend on the model.

    Attributes
    ----------
    truth : Dataset
        ``NEE_month`` (time, lat, lon) [g m-2 d-1], ``cell_area`` [m2], ``land_fraction`` [1].
    inversions : Dataset
        ``NEE`` (member, region, time) and ``unassigned`` (member, time) [PgC month-1].
    land : Dataset
        Land cells and the region map.
    """

    truth: xr.Dataset
    inversions: xr.Dataset
    land: xr.Dataset


def study_totals(earth: StudiedEarth, members: xr.DataArray) -> Totals:
    """Totals of the truth, the inversions and a model, and of the members of the model."""
    area = earth.truth.cell_area * earth.truth.land_fraction
    means = {
        TRUTH: map_totals(earth.truth.NEE_month, area, earth.land.region),
        INVERSIONS: with_globe(earth.inversions.NEE, earth.inversions.unassigned).mean("member"),
        MODEL: members.mean("member"),
    }
    return gathered(means, {MODEL: members})


def sink_scores(totals: Totals) -> dict[str, float]:
    """Global sinks, regional biases and interannual variability.

    Parameters
    ----------
    totals : Totals
        Totals of `study_totals`.

    Returns
    -------
    dict
        ``sink`` of the model, its ``spread`` over ``n_members`` members, the sinks ``truth`` and
        ``inversions`` [PgC yr-1]; ``abs_bias``, the sum over the 18 regions of the absolute bias of
        annual totals against the truth [PgC yr-1]; ``iav`` and ``iav_truth`` [PgC yr-1];
        ``anomaly_r``, the correlation of detrended global annual anomalies with those of the truth
        [1].
    """
    yearly = annual(totals.mean)
    globe = {source: yearly.sel(source=source, region=GLOBAL).values for source in (MODEL, TRUTH)}
    sinks = mean_annual(totals.mean.sel(region=GLOBAL))
    members = mean_annual(totals.members[MODEL].sel(region=GLOBAL))
    regional = yearly.sel(region=list(ABBREVIATIONS))
    return {
        "sink": float(sinks.sel(source=MODEL)),
        "spread": float(spread(members)),
        "n_members": members.sizes["member"],
        "truth": float(sinks.sel(source=TRUTH)),
        "inversions": float(sinks.sel(source=INVERSIONS)),
        "abs_bias": float(np.abs(score(regional, MODEL, TRUTH, bias)).sum()),
        "iav": float(interannual_variability(globe[MODEL])),
        "iav_truth": float(interannual_variability(globe[TRUTH])),
        "anomaly_r": float(pearson_r(detrended(globe[MODEL]), detrended(globe[TRUTH]))),
    }


def study_site_scores(records: xr.Dataset, estimate: xr.DataArray) -> dict[str, float]:
    """Errors of out-of-fold estimates over all site-days.

    Parameters
    ----------
    records : Dataset
        ``NEE`` [g m-2 d-1] and ``site_index`` (record).
    estimate : DataArray, dims (record)
        Out-of-fold NEE [g m-2 d-1].

    Returns
    -------
    dict
        ``site_rmse`` and its two components, whose squares add up to its square: ``site_means``,
        from the mean error of each tower, which measures how much the bias of individual towers
        costs a model that does not reproduce it, and ``site_days``, from the deviations from that
        mean [g m-2 d-1].
    """
    error = estimate.values - records.NEE.values
    tower = records.site_index.values
    mean = np.bincount(tower, error) / np.maximum(np.bincount(tower), 1)
    return {
        "site_rmse": float(rmse(estimate.values, records.NEE.values)),
        "site_means": float(np.sqrt((mean[tower] ** 2).mean())),
        "site_days": float(np.sqrt(((error - mean[tower]) ** 2).mean())),
    }


def bridge_scores(
    bridge: xr.Dataset, density: xr.DataArray, totals: Totals, land: xr.Dataset
) -> dict[str, float]:
    """Apply the two checks of the bridge to a model.

    Parameters
    ----------
    bridge : Dataset
        Contributing cells and their coefficients, see `bridge_totals`.
    density : DataArray, dims (time, lat, lon)
        Mean NEE over the members of the model [g m-2 d-1].
    totals : Totals
        Totals of `study_totals`.
    land : Dataset
        ``cell_region``, ``land_area`` [m2].

    Returns
    -------
    dict
        ``shift``, the global response to a uniform shift as a share of the expected one [1];
        ``post_hoc``, the absolute difference between the total of all regions by the bridge and by
        summation [PgC yr-1].
    """
    integral = totals.mean.sel(source=MODEL, region=list(ABBREVIATIONS))
    gap = post_hoc(MODEL, bridge_totals(density, bridge), integral).set_index("region")
    shift = shift_test(bridge, regional_areas(land)).set_index("region")
    return {
        "shift": float(shift["shift"][GLOBAL]),
        "post_hoc": abs(float(gap.difference[GLOBAL])),
    }


def regional_scores(totals: Totals) -> pd.DataFrame:
    """Regional ``bias`` against the truth [PgC yr-1] and ``nnse`` against the inversions [1]."""
    yearly = annual(totals.mean)
    return pd.DataFrame(
        {
            "region": totals.mean.region.values,
            "bias": score(yearly, MODEL, TRUTH, bias).round(DECIMALS),
            "nnse": score(totals.mean, MODEL, INVERSIONS, nnse).round(DECIMALS),
        }
    )


def compared_with_reference(
    scores: pd.DataFrame, regional: pd.DataFrame, reference: str
) -> pd.DataFrame:
    """Compare each model with the reference on the same Earth with the same drivers.

    Parameters
    ----------
    scores : DataFrame
        One row per ``seed``, ``drivers`` and ``variant``.
    regional : DataFrame
        One row per ``seed``, ``drivers``, ``variant`` and ``region``.
    reference : str
        Variant without regions.

    Returns
    -------
    DataFrame
        ``scores`` with additional columns: ``removed``, the share of the reference's global bias
        against the truth that is removed, and ``removed_inversions``, the same against the
        inversions [1]; ``abs_bias_ratio`` and ``site_ratio``, relative to the reference [1];
        ``regions_better``, the number of the 18 regions with a higher nNSE than the reference.
    """
    base = scores[scores.variant == reference].set_index(EARTH)
    other = base.loc[pd.MultiIndex.from_frame(scores[EARTH])].reset_index(drop=True)
    scores = scores.reset_index(drop=True)
    sinks = scores.sink.to_numpy(), other.sink.to_numpy()
    return scores.assign(
        removed=share_removed(*sinks, scores.truth.to_numpy()),
        removed_inversions=share_removed(*sinks, scores.inversions.to_numpy()),
        abs_bias_ratio=scores.abs_bias / other.abs_bias,
        site_ratio=scores.site_rmse / other.site_rmse,
        regions_better=_regions_better(scores, regional, reference),
    )


def _regions_better(scores: pd.DataFrame, regional: pd.DataFrame, reference: str) -> pd.Series:
    inside = regional[regional.region != GLOBAL]
    wide = inside.pivot(index=[*EARTH, "region"], columns="variant", values="nnse")
    better = wide.gt(wide[reference], axis=0).groupby(level=EARTH, sort=False).sum()
    rows = zip(scores.seed, scores.drivers, scores.variant)
    return pd.Series([int(better.loc[(seed, drivers), name]) for seed, drivers, name in rows])
