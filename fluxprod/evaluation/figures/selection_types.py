"""Types of the contributing cells compared with those of all land cells (Fig. B3)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from fluxprod.evaluation.figures.panels.palette import PFT_COLOURS, new_figure, style


def figure_selection_types(types: pd.DataFrame) -> Figure:
    """Draw one bar per type for the contributing cells, and an outline for all land cells.

    Parameters
    ----------
    types : DataFrame
        ``pft``, ``chosen``, ``all_cells`` [1].
    """
    found = types[(types.chosen > 0) | (types.all_cells > 0)]
    place = np.arange(len(found))
    with style():
        figure = new_figure(9.0, 3.6)
        axes = figure.subplots()
        colours = [PFT_COLOURS[name] for name in found.pft]
        axes.bar(place, 100.0 * found.chosen, 0.75, color=colours)
        axes.bar(place, 100.0 * found.all_cells, 0.75, fill=False, edgecolor="black", linewidth=1.4)
        axes.set_xticks(place, found.pft)
        axes.set_xlim(-0.6, len(found) - 0.4)
        axes.grid(visible=False, axis="x")
        axes.set_xlabel("majority plant functional type of the cell")
        axes.set_ylabel("share of the cells [%]")
        marks = [
            Patch(color="#999999", label="contributing cells, over random candidates"),
            Patch(fill=False, edgecolor="black", linewidth=1.4, label="all land cells"),
        ]
        axes.legend(handles=marks, loc="upper right")
    return figure
