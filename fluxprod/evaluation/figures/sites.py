"""Modelled against observed NEE at towers withheld from training, and RMSE by biome (Fig. 8)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.panels.density import (
    AXES,
    COUNT,
    MODELLED,
    OBSERVED,
    UNIT,
    count_norm,
    draw_density,
    in_words,
    sides,
)
from fluxprod.evaluation.figures.panels.palette import COLOURS, new_figure, style
from fluxprod.evaluation.run.sources import OURS
from fluxprod.evaluation.tables.site_density import BIN, in_order, parts
from fluxprod.evaluation.tables.site_scores import OVERALL, overall

MEASURES = ("RMSE", "MEF", "R")


def _biomes(axes: Axes, scores: pd.DataFrame) -> None:
    """Draw RMSE by land cover of the site, and over all sites."""
    of = {model: scores[scores.model == model].set_index("igbp") for model in OURS}
    names = [OVERALL, *in_order(scores.igbp[scores.igbp != OVERALL])]
    place = np.arange(len(names))
    for shift, (model, rows) in zip((-0.2, 0.2), of.items()):
        axes.bar(place + shift, rows.RMSE[names], 0.38, color=COLOURS[model], label=model)
    n_sites = of[OURS[0]].n_sites[names]
    axes.set_xticks(place, [f"{name}\n{int(n)}" for name, n in n_sites.items()])
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.grid(visible=False, axis="x")
    axes.set_xlabel("land cover of the site; below it the number of sites [1]")
    axes.set_ylabel(f"RMSE {UNIT}")
    axes.set_title("(C) RMSE by land cover")
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.98), ncols=len(OURS))


def figure_sites(table: pd.DataFrame) -> Figure:
    """Draw the density of site-days for each model with its overall scores, and RMSE by biome.

    Parameters
    ----------
    table : DataFrame
        Table ``sites`` of `figure_tables`.
    """
    bins, scores = parts(table)
    x, y = (sides(bins, [name], BIN) for name in AXES)
    norm = count_norm(bins)
    with style():
        figure = new_figure(9.0, 6.4)
        grid = figure.add_gridspec(2, len(OURS), height_ratios=(1.05, 1.0))
        panels = [figure.add_subplot(grid[0, column]) for column in range(len(OURS))]
        for axes, model, letter in zip(panels, OURS, "AB"):
            image = draw_density(axes, bins[bins.model == model], x, y, norm)
            measures = {name: overall(scores, model, name) for name in MEASURES}
            axes.set_title(f"({letter}) {model}: {in_words(measures, MEASURES)}")
            axes.set_xlabel(OBSERVED)
        panels[0].set_ylabel(MODELLED)
        figure.colorbar(image, ax=panels, label=COUNT)
        _biomes(figure.add_subplot(grid[1, :]), scores)
    return figure
