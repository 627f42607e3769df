"""Tables from which the figures of a run are drawn, one per figure."""

import pandas as pd

from fluxprod.evaluation.run.inputs import Inputs
from fluxprod.evaluation.run.maps import bias_table, monthly_map_table
from fluxprod.evaluation.run.source_totals import cell_series
from fluxprod.evaluation.run.totals import GLOBAL
from fluxprod.evaluation.tables.correlation import correlation_table
from fluxprod.evaluation.tables.selected_sites import selected_sites
from fluxprod.evaluation.tables.site_density import WIDE_BIN, density, density_by, with_scores
from fluxprod.evaluation.tables.site_scores import OVERALL

Tables = dict[str, pd.DataFrame]


def _site_tables(inputs: Inputs, tables: Tables) -> Tables:
    igbp = inputs.sites.igbp.values.astype(str)[inputs.sites.site_index.values]
    observed, scores = inputs.sites.NEE.values, tables["site_scores"]
    predicted = {model: values.values for model, values in inputs.predictions.items()}
    by_type = density_by("igbp", igbp, observed, predicted, WIDE_BIN)
    return {
        "sites": with_scores(density(observed, predicted), scores),
        "site_skill": tables["site_skill"],
        "selected_sites": selected_sites(inputs.sites, predicted, tables["regional_sinks"]),
        "sites_types": with_scores(by_type, scores[scores.igbp != OVERALL]),
    }


def _map_tables(inputs: Inputs, tables: Tables) -> Tables:
    series, land = cell_series(inputs), inputs.geography
    found = {
        "maps": tables["maps"],
        "monthly_maps": monthly_map_table(land, series),
        "correlation": correlation_table(land, series),
    }
    return found if inputs.truth is None else {**found, "bias_maps": bias_table(tables["maps"])}


def figure_tables(inputs: Inputs, tables: Tables, example_regions: list[str]) -> Tables:
    """Collect the table of every figure that `figures.all_figures.FIGURES` draws.

    Parameters
    ----------
    inputs : Inputs
        Outputs of the other stages, and reference data.
    tables : dict of DataFrame
        Tables of `run_tables`.
    example_regions : list of str
        Regions whose seasonal cycles are shown next to that of the globe.

    Returns
    -------
    dict of DataFrame
        By name of the figure.
    """
    cycle = tables["msc"]
    of_truth = {"coverage": tables["coverage"]} if "coverage" in tables else {}
    examples = [cycle[cycle.region == name] for name in (GLOBAL, *example_regions)]
    return {
        "annual": tables["annual"],
        "regional_sinks": tables["regional_sinks"],
        "seasonal_cycle": pd.concat(examples, ignore_index=True),
        "seasonal_cycle_regions": cycle[cycle.region != GLOBAL],
        "nnse": tables["nnse"],
        **_map_tables(inputs, tables),
        **_site_tables(inputs, tables),
        **of_truth,
        "selection": tables["selection"],
        "selection_types": tables["selection_types"],
        "selection_regions": tables["selection_types_regions"],
        "stability": tables["bridge"],
    }
