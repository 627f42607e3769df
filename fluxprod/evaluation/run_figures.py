"""All figures of a run, each from a table that is kept beside it."""

from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.figure_annual import figure_annual
from fluxprod.evaluation.figure_coverage import figure_coverage
from fluxprod.evaluation.figure_maps import figure_maps
from fluxprod.evaluation.figure_regions import figure_nnse, figure_regional_sinks
from fluxprod.evaluation.figure_seasonal import figure_seasonal
from fluxprod.evaluation.figure_selection import figure_selection
from fluxprod.evaluation.figure_selection_regions import figure_selection_regions
from fluxprod.evaluation.figure_sites import figure_sites
from fluxprod.evaluation.figure_stability import figure_stability
from fluxprod.evaluation.totals import GLOBAL
from fluxprod.regions import ABBREVIATIONS


class Drawn(NamedTuple):
    """A figure and the table it shows."""

    figure: Figure
    data: pd.DataFrame


def run_figures(tables: dict[str, pd.DataFrame], example_regions: list[str]) -> dict[str, Drawn]:
    """Every figure of the run by its name."""
    cycle, sites, types = tables["msc"], tables["site_density"], tables["selection_types_regions"]
    examples = [GLOBAL, *example_regions]
    coverage = tables.get("coverage")  # only where there is a truth
    of_truth = {} if coverage is None else {"coverage": Drawn(figure_coverage(coverage), coverage)}
    return {
        **of_truth,
        "annual": Drawn(figure_annual(tables["annual"]), tables["annual"]),
        "regional_sinks": Drawn(
            figure_regional_sinks(tables["regional_sinks"]), tables["regional_sinks"]
        ),
        "seasonal_cycle": Drawn(
            figure_seasonal(cycle, examples, len(examples)), cycle[cycle.region.isin(examples)]
        ),
        "seasonal_cycle_regions": Drawn(figure_seasonal(cycle, list(ABBREVIATIONS), 3), cycle),
        "nnse": Drawn(figure_nnse(tables["nnse"]), tables["nnse"]),
        "maps": Drawn(figure_maps(tables["maps"]), tables["maps"]),
        "selection": Drawn(
            figure_selection(tables["selection"], tables["selection_types"]), tables["selection"]
        ),
        "selection_regions": Drawn(figure_selection_regions(types), types),
        "stability": Drawn(figure_stability(tables["bridge"]), tables["bridge"]),
        "sites": Drawn(figure_sites(sites, tables["site_scores"]), sites),
    }
