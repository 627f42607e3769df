"""Modelled against observed NEE by land cover of the tower, and by model (Fig. C2)."""

from math import ceil

import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.density_panel import COUNT, UNIT, count_norm, draw_density, note, sides
from fluxprod.evaluation.palette import new_figure, style
from fluxprod.evaluation.site_density import WIDE_BIN, in_order, parts
from fluxprod.evaluation.sources import OURS

PAIRS = 2  # types side by side


def figure_site_types(table: pd.DataFrame) -> Figure:
    """Draw a pair of panels for each land cover, one a model.

    Parameters
    ----------
    table : DataFrame
        `with_scores` of `density_by` "igbp" and `site_scores`.
    """
    bins, scores = parts(table)
    types = in_order(bins.igbp)
    side, norm = sides(bins, WIDE_BIN), count_norm(bins)
    n_rows = ceil(len(types) / PAIRS)
    with style():
        figure = new_figure(9.0, 2.15 * n_rows + 0.9, layout="compressed")
        panels = figure.subplots(n_rows, PAIRS * len(OURS), sharex=True, sharey=True, squeeze=False)
        shown = [(name, model) for name in types for model in OURS]
        for axes, (name, model) in zip(panels.flat, shown, strict=False):
            of = (bins.igbp == name) & (bins.model == model)
            image = draw_density(axes, bins[of], side, norm)
            (row,) = scores[(scores.igbp == name) & (scores.model == model)].to_dict("records")
            note(axes, {measure: row[measure] for measure in ("RMSE", "R")}, 7.0)
            axes.set_title(f"{name}, {model}")
        for axes in panels.flat[len(shown) :]:
            axes.remove()
        figure.colorbar(
            image, ax=panels, location="bottom", label=COUNT, aspect=50.0, shrink=0.8, pad=0.02
        )
        figure.supxlabel(f"observed NEE {UNIT}", fontsize=10)
        figure.supylabel(f"modelled NEE, out of fold {UNIT}", fontsize=10)
    return figure
