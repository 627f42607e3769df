"""Maps of the bias of mean annual NEE, which is known only on a synthetic Earth."""

import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.panels.cell_map import draw_cells
from fluxprod.evaluation.figures.panels.map_scale import bar, flux_scale
from fluxprod.evaluation.figures.panels.palette import new_figure, style
from fluxprod.evaluation.run.maps import BIASED

LABEL = "mean annual NEE less the truth [g m$^{-2}$ yr$^{-1}$]; green: too much uptake"


def figure_bias_maps(table: pd.DataFrame) -> Figure:
    """Draw one map per source on a common scale.

    Parameters
    ----------
    table : DataFrame
        Table of `bias_table` [g m-2 yr-1].
    """
    with style():
        figure = new_figure(9.0, 4.6, layout="compressed")
        panels = figure.subplots(2, 2)
        colours = flux_scale(table[list(BIASED)].to_numpy())
        for axes, source in zip(panels.flat, BIASED):
            image = draw_cells(axes, table, table[source], f"{source} - truth", colours)
        bar(figure, image, panels.ravel(), LABEL, "both", shrink=0.8)
    return figure
