"""All figures of a run, each drawn from the single table that is stored next to it."""

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.annual import figure_annual
from fluxprod.evaluation.figures.bias_maps import figure_bias_maps
from fluxprod.evaluation.figures.correlation import figure_correlation
from fluxprod.evaluation.figures.coverage import figure_coverage
from fluxprod.evaluation.figures.maps import figure_maps
from fluxprod.evaluation.figures.monthly_maps import figure_monthly_maps
from fluxprod.evaluation.figures.regions import figure_nnse, figure_regional_sinks
from fluxprod.evaluation.figures.seasonal import figure_seasonal
from fluxprod.evaluation.figures.selected_sites import figure_selected_sites
from fluxprod.evaluation.figures.selection import figure_selection
from fluxprod.evaluation.figures.selection_regions import figure_selection_regions
from fluxprod.evaluation.figures.selection_types import figure_selection_types
from fluxprod.evaluation.figures.site_skill import figure_site_skill
from fluxprod.evaluation.figures.site_types import figure_site_types
from fluxprod.evaluation.figures.sites import figure_sites
from fluxprod.evaluation.figures.stability import figure_stability

FIGURES: dict[str, Callable[[pd.DataFrame], Figure]] = {
    "annual": figure_annual,
    "regional_sinks": figure_regional_sinks,
    "seasonal_cycle": figure_seasonal,
    "seasonal_cycle_regions": figure_seasonal,
    "nnse": figure_nnse,
    "maps": figure_maps,
    "monthly_maps": figure_monthly_maps,
    "correlation": figure_correlation,
    "bias_maps": figure_bias_maps,
    "coverage": figure_coverage,
    "sites": figure_sites,
    "site_skill": figure_site_skill,
    "selected_sites": figure_selected_sites,
    "sites_types": figure_site_types,
    "selection": figure_selection,
    "selection_types": figure_selection_types,
    "selection_regions": figure_selection_regions,
    "stability": figure_stability,
}
