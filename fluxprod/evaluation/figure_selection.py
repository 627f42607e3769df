"""Stability of the bridge's choice of cells (Fig. B2) and their types (Fig. B3)."""

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from fluxprod.evaluation.figure_maps import draw_map
from fluxprod.evaluation.palette import new_figure, style

CHOSEN, ALL = "#0072B2", "#999999"
LAND = ListedColormap(["white"])


def figure_selection(cells: pd.DataFrame, types: pd.DataFrame) -> Figure:
    """Draw how often each cell was chosen, and the types of the chosen and of all cells.

    Parameters
    ----------
    cells : DataFrame
        ``lat``, ``lon``, ``n_chosen``.
    types : DataFrame
        ``pft``, ``chosen``, ``all_cells`` [1].
    """
    counted = cells.assign(log=np.log10(cells.n_chosen.where(cells.n_chosen > 0)), land=0.0)
    with style():
        figure = new_figure(9.0, 6.4)
        upper, lower = figure.subplots(2, 1, height_ratios=(2.2, 1.0))
        colours = {"cmap": "viridis", "vmin": 0.0, "rasterized": True}
        draw_map(upper, counted, "land", "", {"cmap": LAND, "rasterized": True})
        mesh = draw_map(upper, counted, "log", "Cells chosen as contributing", colours)
        figure.colorbar(mesh, ax=upper, label="log$_{10}$ of times chosen", shrink=0.8)
        place = np.arange(len(types))
        lower.bar(place - 0.2, 100 * types.chosen, 0.4, color=CHOSEN, label="contributing cells")
        lower.bar(place + 0.2, 100 * types.all_cells, 0.4, color=ALL, label="all land cells")
        lower.set_xticks(place, types.pft)
        lower.set_ylabel("share [%]")
        lower.set_title("Majority plant functional type")
        lower.legend()
    return figure
