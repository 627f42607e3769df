"""All tables of a run."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.evaluation.run.cell_years import cell_years
from fluxprod.evaluation.run.inputs import Inputs
from fluxprod.evaluation.run.maps import map_table
from fluxprod.evaluation.run.source_totals import cell_series, member_gap, model_maps, run_totals
from fluxprod.evaluation.run.sources import OURS, TRUTH
from fluxprod.evaluation.run.totals import Totals
from fluxprod.evaluation.sites.no_skill import no_skill
from fluxprod.evaluation.sites.quantiles import skill_over_sites
from fluxprod.evaluation.sites.scores import site_skill
from fluxprod.evaluation.tables.bridge import bridge_table
from fluxprod.evaluation.tables.bridge_checks import (
    bridge_totals,
    post_hoc,
    regional_areas,
    shift_test,
)
from fluxprod.evaluation.tables.checks import table_of_checks
from fluxprod.evaluation.tables.coverage import (
    Inflation,
    cell_errors,
    models_coverage,
    total_errors,
)
from fluxprod.evaluation.tables.map_scores import map_scores
from fluxprod.evaluation.tables.monthly import regional_monthly
from fluxprod.evaluation.tables.regions import nnse_table, table2, table3, truth_table
from fluxprod.evaluation.tables.selection import pft_table, regional_pft_table, selection_table
from fluxprod.evaluation.tables.sinks import (
    global_annual,
    global_sinks,
    regional_annual,
    regional_sinks,
    seasonal_table,
)
from fluxprod.evaluation.tables.site_scores import site_scores

DECIMALS = 4  # of the scores of sites
ABOUT = ("title", "product_version", "source_world")
Tables = dict[str, pd.DataFrame]


def _bridge_tables(inputs: Inputs, totals: Totals) -> Tables:
    regional = totals.mean.sel(region=list(ABBREVIATIONS))
    parts = [
        post_hoc(source, bridge_totals(density, inputs.bridge), regional.sel(source=source))
        for source, density in model_maps(inputs).items()
    ]
    return {
        "bridge": bridge_table(inputs.bridge, inputs.robustness),
        "post_hoc": pd.concat(parts, ignore_index=True),
        "shift": shift_test(inputs.bridge, regional_areas(inputs.geography)),
    }


def _site_scores(inputs: Inputs) -> pd.DataFrame:
    site = inputs.sites.site_index.values
    igbp = inputs.sites.igbp.values.astype(str)[site]
    predicted = {model: values.values for model, values in inputs.predictions.items()}
    return site_scores(inputs.sites.NEE.values, predicted, site, igbp)


def _skill_tables(inputs: Inputs) -> Tables:
    """Scores of single sites and their quantiles, of both models and of the no-skill estimates."""
    sites = inputs.sites
    site, observed, time = sites.site_index.values, sites.NEE.values, sites.time.values
    igbp = sites.igbp.values.astype(str)[site]
    estimates = {model: values.values for model, values in inputs.predictions.items()}
    estimates |= no_skill(
        observed, site, sites.fold.values[site], time, igbp, sites.lat.values[site]
    )
    skill = site_skill(observed, estimates, sites.site.values.astype(str)[site], time)
    quantiles = skill_over_sites(skill).round(DECIMALS)
    return {
        "site_skill": skill.round(DECIMALS),
        "site_skill_quantiles": quantiles,
        "site_skill_r2": quantiles[quantiles.score == "r2"].drop(columns="score"),
    }


def _truth_tables(totals: Totals) -> Tables:
    """Counterparts, against the truth, of the tables against the inversions."""
    return {
        "truth_scores": truth_table(totals.mean),
        "table2_truth": table2(totals.mean, TRUTH),
        "table3_truth": table3(totals.mean, TRUTH),
        "nnse_truth": nnse_table(totals.mean, TRUTH),
    }


def _run_table(inputs: Inputs) -> pd.DataFrame:
    about = {name: inputs.product.attrs[name] for name in ABOUT}
    years = inputs.product.time.dt.year.values
    about |= {"first_year": years[0], "last_year": years[-1]}
    for source, members in inputs.members.items():
        about[f"members_{source}"] = members.sizes["member"]
    about["bridge"] = inputs.bridge.attrs["method"]
    about["draws_of_candidates"] = inputs.robustness.sizes["draw"]
    about["land_cells"] = inputs.geography.sizes["cell"]
    about["sites"] = len(np.unique(inputs.sites.site_index))  # some towers have no complete record
    about["site_days"] = inputs.sites.sizes["record"]
    return pd.DataFrame({"item": list(about), "value": [str(value) for value in about.values()]})


def _coverage_tables(
    inputs: Inputs, truth: xr.Dataset, totals: Totals, inflation: Inflation
) -> Tables:
    land, of_truth = inputs.geography, totals.mean.sel(source=TRUTH)
    regional = {source: total_errors(of_truth, totals.members[source]) for source in OURS}
    cells = {
        source: cell_errors(truth.NEE_month, *cell_years(members), land)
        for source, members in inputs.members.items()
    }
    return {
        "coverage": models_coverage(regional, inflation.totals),
        "coverage_cells": models_coverage(cells, inflation.cells),
    }


def run_tables(inputs: Inputs, inflation: Inflation) -> Tables:
    """Compute every table of a run, with rounded values.

    Parameters
    ----------
    inputs : Inputs
        Outputs of the other stages, and reference data.
    inflation : Inflation
        Factors of the spread across the members [1], calibrated on other Earths.

    Returns
    -------
    dict of DataFrame
        By name.
    """
    totals, series = run_totals(inputs), cell_series(inputs)
    yearly = regional_annual(totals)
    tables = {
        "run": _run_table(inputs),
        "global_sinks": global_sinks(totals, inputs.budget, inputs.budget_spread),
        "regional_sinks": regional_sinks(totals),
        "table2": table2(totals.mean),
        "table3": table3(totals.mean),
        "nnse": nnse_table(totals.mean),
        "regional_annual": yearly,
        "regional_monthly": regional_monthly(totals),
        "annual": global_annual(yearly, inputs.budget),
        "msc": seasonal_table(totals),
        "site_scores": _site_scores(inputs),
        **_skill_tables(inputs),
        **_bridge_tables(inputs, totals),
        "maps": map_table(inputs.geography, series),
        "map_scores": map_scores(inputs.geography, series),
        "selection": selection_table(inputs.robustness, inputs.geography),
        "selection_types": pft_table(inputs.robustness),
        "selection_types_regions": regional_pft_table(inputs.robustness),
    }
    if inputs.truth is not None:
        tables |= _truth_tables(totals)
        tables |= _coverage_tables(inputs, inputs.truth, totals, inflation)
    parts = (inputs.regional, tables["shift"], tables["post_hoc"], member_gap(totals))
    return {**tables, "checks": table_of_checks(*parts)}
