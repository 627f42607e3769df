"""Both models at the towers where they agree best and least (Fig. 9)."""

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
from fluxprod.evaluation.tables.site_density import BIN, parts

MEASURES = ("RMSE", "R", "bias")


def figure_selected_sites(table: pd.DataFrame) -> Figure:
    """Draw one column per site and one row per model.

    Parameters
    ----------
    table : DataFrame
        Table of `tables.selected_sites.selected_sites`.
    """
    bins, scores = parts(table)
    sites = scores.site.unique()
    side, norm = sides(bins, AXES, BIN), count_norm(bins)
    with style():
        figure = new_figure(7.6, 7.0, layout="compressed")
        panels = figure.subplots(len(OURS), len(sites), sharex=True, sharey=True, squeeze=False)
        for model, row in zip(OURS, panels):
            for site, axes in zip(sites, row):
                of = (bins.site == site) & (bins.model == model)
                image = draw_density(axes, bins[of], side, side, norm)
                chosen = scores[(scores.site == site) & (scores.model == model)]
                (about,) = chosen.to_dict("records")
                where = f"{site} ({about['igbp']}, {about['region']})"
                axes.set_title(f"{where}, {model}\n{in_words(about, MEASURES)}")
            row[0].set_ylabel(MODELLED)
        for axes in panels[-1]:
            axes.set_xlabel(OBSERVED)
        figure.colorbar(image, ax=panels, label=COUNT, aspect=40.0, pad=0.02)
    return figure
