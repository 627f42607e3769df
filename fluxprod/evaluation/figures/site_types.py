"""Modelled against observed NEE by land cover of the tower, and by model (Fig. C2)."""

from math import ceil
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.panels.density import (
    AXES,
    COUNT,
    MODELLED,
    OBSERVED,
    count_norm,
    draw_density,
    in_words,
    sides,
)
from fluxprod.evaluation.figures.panels.palette import new_figure, style
from fluxprod.evaluation.run.sources import OURS
from fluxprod.evaluation.tables.site_density import WIDE_BIN, in_order, parts

PAIRS = 2  # land covers per row
MEASURES = ("RMSE", "R")
PANEL = 1.95  # width [inch]


def figure_site_types(table: pd.DataFrame) -> Figure:
    """Draw one panel per land cover and model.

    Parameters
    ----------
    table : DataFrame
        Table ``sites_types`` of `figure_tables`.
    """
    bins, scores = parts(table)
    types = in_order(bins.igbp)
    x, y = (sides(bins, [name], WIDE_BIN) for name in AXES)
    norm = count_norm(bins)
    n_rows = ceil(len(types) / PAIRS)
    with style():
        height = PANEL * len(y) / len(x) + 0.42
        figure = new_figure(9.0, height * n_rows + 1.1, layout="compressed")
        panels = figure.subplots(n_rows, PAIRS * len(OURS), sharex=True, sharey=True, squeeze=False)
        shown = [(name, model) for name in types for model in OURS]
        for axes, (name, model) in zip(panels.flat, shown, strict=False):
            of = (bins.igbp == name) & (bins.model == model)
            image = draw_density(axes, bins[of], x, y, norm)
            (row,) = scores[(scores.igbp == name) & (scores.model == model)].to_dict("records")
            axes.set_title(f"{name}, {model}\n{in_words(row, MEASURES)}", fontsize=8.5)
            axes.tick_params(labelsize=8)
        for axes in panels.flat[len(shown) :]:
            axes.remove()
        drawn = list(panels.flat[: len(shown)])
        for axes in drawn[-panels.shape[1] :]:  # the lowest of each column
            axes.set_xlabel(OBSERVED, fontsize=8)
            axes.tick_params(labelbottom=True)
        for axes in panels[:, 0]:
            axes.set_ylabel(MODELLED, fontsize=8)
        place: dict[str, Any] = {"location": "bottom", "aspect": 50.0, "shrink": 0.8, "pad": 0.02}
        figure.colorbar(image, ax=drawn, label=COUNT, **place)
    return figure
