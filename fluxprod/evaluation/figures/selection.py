"""Map of how often the bridge selects each cell (Fig. B2)."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.figure import Figure

from fluxprod.core.map_panel import SEQUENTIAL
from fluxprod.evaluation.figures.panels.cell_map import draw_cells
from fluxprod.evaluation.figures.panels.map_scale import bar
from fluxprod.evaluation.figures.panels.palette import new_figure, style

NEVER = -1.0  # below the scale


def figure_selection(cells: pd.DataFrame) -> Figure:
    """Draw how often each cell was selected.

    Parameters
    ----------
    cells : DataFrame
        ``lat``, ``lon``, ``n_chosen``.
    """
    log = np.log10(cells.n_chosen.where(cells.n_chosen > 0)).fillna(NEVER)
    with style():
        figure = new_figure(9.0, 4.3, layout="compressed")
        axes = figure.subplots()
        scale = {"cmap": colormaps[SEQUENTIAL].with_extremes(under="white"), "vmin": 0.0}
        image = draw_cells(axes, cells, log, "Cells chosen as contributing", scale)
        label = "log$_{10}$ of the times chosen over random candidates [1]; white: never"
        bar(figure, image, [axes], label, "neither", shrink=0.8)
    return figure
