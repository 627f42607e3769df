"""Numbers in ``metrics.json``, which are compared between runs."""

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from fluxprod.evaluation.report_table import split_column
from fluxprod.evaluation.run.sources import EC, EC_ATM, INVERSIONS, OURS, TRUTH, key
from fluxprod.evaluation.run.spread_coverage import NOMINAL
from fluxprod.evaluation.run.totals import GLOBAL
from fluxprod.evaluation.sites.quantiles import MEAN, POOLED
from fluxprod.evaluation.sites.scales import DAILY, SCALES
from fluxprod.evaluation.tables.checks import failed
from fluxprod.evaluation.tables.coverage import ALL
from fluxprod.evaluation.tables.regions import regions_improved
from fluxprod.evaluation.tables.sinks import bias_removed, regional_rmse, tropical_share
from fluxprod.evaluation.tables.site_scores import overall

DECIMALS = 4
Tables = dict[str, pd.DataFrame]


def tidy(tree: Any) -> Any:
    """Round every number in nested dictionaries, and leave out those that are not finite."""
    if isinstance(tree, dict):
        kept = {name: tidy(branch) for name, branch in tree.items()}
        return {name: branch for name, branch in kept.items() if branch is not None}
    if isinstance(tree, bool | int | str):
        return tree
    return round(float(tree), DECIMALS) + 0.0 if math.isfinite(tree) else None


def column(table: pd.DataFrame, name: str, index: str) -> dict:
    """Column of a table as a dictionary, with labels as in ``metrics.json``."""
    return {key(str(label)): value for label, value in table.set_index(index)[name].items()}


def _by_region(table: pd.DataFrame, name: str) -> dict:
    return dict(table.set_index("region")[name].items())


def _sites(table: pd.DataFrame) -> dict:
    rmse = {key(model): overall(table, model, "RMSE") for model in OURS}
    scores = {"ratio": rmse[key(EC_ATM)] / rmse[key(EC)]}
    return {
        "site_rmse": rmse | scores,
        "site_mef": {key(model): overall(table, model, "MEF") for model in OURS},
        "site_r": {key(model): overall(table, model, "R") for model in OURS},
    }


def _site_skill(table: pd.DataFrame) -> dict:
    """Headline of the scores of single sites, by model."""
    found = {}
    for model, rows in table[table.score == "r2"].groupby("model", sort=False):
        r2 = rows.set_index("scale")
        found[key(str(model))] = {
            "median_r2": {scale: r2["median"][scale] for scale in SCALES},
            "below_zero_daily": r2.share_below_zero[DAILY],
            "r2_of_site_means": r2.value[MEAN],
            "pooled_mef": r2.value[POOLED],
        }
    return found


def _efficiency(table: pd.DataFrame, models: Iterable[str] = OURS) -> dict:
    regional = {key(model): _by_region(table, model) for model in models}
    return {**regional, "regions_better": regions_improved(table), "regions": len(table) - 1}


def _global_scores(*tables: pd.DataFrame) -> dict:
    """Scores in the row GLOBAL of Tables 2 and 3, by score and model."""
    scores: dict = {}
    for table in tables:
        for name, value in table.set_index("region").loc[GLOBAL].items():
            score, model = split_column(name)
            scores.setdefault(score.lower(), {})[key(model)] = value
    return scores


def _global_map(table: pd.DataFrame) -> dict:
    """R of the maps of mean annual NEE over all land, by reference and model."""
    globe = table[table.region == GLOBAL]
    return {
        key(str(reference)): column(rows, "R", "source")
        for reference, rows in globe.groupby("reference", sort=False)
    }


def _post_hoc(table: pd.DataFrame) -> dict:
    parts: dict = {}
    for source, rows in table.groupby("source", sort=False):
        globe = rows.set_index("region").loc[GLOBAL]
        parts[key(str(source))] = {
            **{name: globe[name] for name in ("bridge", "integral", "difference")},
            "regional_difference": _by_region(rows[rows.region != GLOBAL], "difference"),
        }
    return parts


def _bridge(table: pd.DataFrame) -> dict:
    """Worst region of the bridge and of its draws, and sums over all regions."""
    draws = {
        "r2_min": table.draws_r2_min.min(),
        "r2_sd_max": table.draws_r2_sd.max(),
        "n_contributions_mean_max": table.draws_cells.max(),
        "shift_sd_max": table.draws_shift_sd.max(),
        "overlap_min": table.overlap_cells.min(),
    }
    return {
        "method": str(table.method[0]),
        "r2_min": table.r2.min(),
        "r2_cv_min": table.r2_held_out.min(),
        "n_contributions": int(table.cells.sum()),
        "n_contributions_max": int(table.cells.max()),
        "n_contributions_a_step": int(table.cells_a_step.sum()),
        "draws": draws,
    }


def _against_truth(table: pd.DataFrame) -> dict:
    sources = (*OURS, INVERSIONS)
    return {
        key(source): {
            "tropics": regional_rmse(table, source, tropical=True),
            "elsewhere": regional_rmse(table, source, tropical=False),
        }
        for source in sources
    }


def _coverage(totals: pd.DataFrame, cells: pd.DataFrame) -> dict:
    rows = {"regions": (totals, ALL), "globe": (totals, GLOBAL), "cells": (cells, ALL)}
    shares = [f"{kind}_{level}" for level in NOMINAL for kind in ("raw", "inflated")]
    found: dict = {key(source): {} for source in OURS}
    for name, (table, region) in rows.items():
        for row in table[table.region == region].to_dict("records"):
            found[key(row["source"])][name] = {share: row[share] for share in shares}
    return found


def metrics(tables: Tables) -> dict:
    """Collect all metrics of a run; those against the truth only if there is one.

    Parameters
    ----------
    tables : dict of DataFrame
        Tables of `run_tables`.

    Returns
    -------
    dict
        Nested, by metric and then by source, region or check.
    """
    regional = tables["regional_sinks"]
    references = [name for name in (TRUTH, INVERSIONS) if name in regional]
    sources = [name for name in tables["global_sinks"].source if name in regional]
    found = {
        "sink": column(tables["global_sinks"], "nee", "source"),
        "sink_spread": column(tables["global_sinks"], "spread", "source"),
        "iav": column(tables["global_sinks"], "iav", "source"),
        "bias_removed": {key(name): bias_removed(regional, name) for name in references},
        "tropical_share_of_ec_bias": {
            key(name): tropical_share(regional, name) for name in references
        },
        "regional_sink": {key(name): _by_region(regional, name) for name in sources},
        **_sites(tables["site_scores"]),
        "site_skill": _site_skill(tables["site_skill_quantiles"]),
        "nnse": _efficiency(tables["nnse"]),
        "global_scores": {INVERSIONS: _global_scores(tables["table2"], tables["table3"])},
        "map_r": _global_map(tables["map_scores"]),
        "bridge": _bridge(tables["bridge"]),
        "shift": _by_region(tables["shift"], "shift"),
        "post_hoc": _post_hoc(tables["post_hoc"]),
        "checks_failed": len(failed(tables["checks"])),
    }
    if "coverage" in tables:
        found["coverage"] = _coverage(tables["coverage"], tables["coverage_cells"])
    if "truth_scores" in tables:
        found["regional_rmse_against_truth"] = _against_truth(tables["truth_scores"])
        scores = _global_scores(tables["table2_truth"], tables["table3_truth"])
        found["global_scores"][TRUTH] = scores
        found["nnse_truth"] = _efficiency(tables["nnse_truth"], (*OURS, INVERSIONS))
    rounded: dict = tidy(found)
    return rounded
