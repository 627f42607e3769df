"""All figures of a run, each drawn from the one table that is kept beside it."""

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.figure_annual import figure_annual
from fluxprod.evaluation.figure_bias_maps import figure_bias_maps
from fluxprod.evaluation.figure_correlation import figure_correlation
from fluxprod.evaluation.figure_coverage import figure_coverage
from fluxprod.evaluation.figure_maps import figure_maps
from fluxprod.evaluation.figure_monthly_maps import figure_monthly_maps
from fluxprod.evaluation.figure_regions import figure_nnse, figure_regional_sinks
from fluxprod.evaluation.figure_seasonal import figure_seasonal
from fluxprod.evaluation.figure_selected_sites import figure_selected_sites
from fluxprod.evaluation.figure_selection import figure_selection
from fluxprod.evaluation.figure_selection_regions import figure_selection_regions
from fluxprod.evaluation.figure_selection_types import figure_selection_types
from fluxprod.evaluation.figure_site_types import figure_site_types
from fluxprod.evaluation.figure_sites import figure_sites
from fluxprod.evaluation.figure_stability import figure_stability

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
    "selected_sites": figure_selected_sites,
    "sites_types": figure_site_types,
    "selection": figure_selection,
    "selection_types": figure_selection_types,
    "selection_regions": figure_selection_regions,
    "stability": figure_stability,
}
