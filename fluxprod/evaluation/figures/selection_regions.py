"""Types of the contributing cells compared with those of all cells, by region (Fig. B4)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from fluxprod.evaluation.figures.panels.palette import PFT_COLOURS, new_figure, style

LABELLED = 5.0  # [%] narrower segments have no room for a label
BARS = {"chosen": (-0.18, 0.42), "all_cells": (0.21, 0.26)}  # offset from the row, thickness
LUMINANCE = (0.299, 0.587, 0.114)  # of red, green and blue: ITU-R BT.601


def _ink(colour: str) -> str:
    return "white" if np.dot(LUMINANCE, to_rgb(colour)) < 0.5 else "black"


def _stack(axes: Axes, share: pd.DataFrame, place: float, height: float) -> None:
    """Draw one bar per region from shares (region, pft) [%], with labels on wide segments."""
    start = np.zeros(len(share))
    at = np.arange(len(share)) + place
    for name, colour in PFT_COLOURS.items():
        if name not in share:
            continue
        width = share[name].fillna(0.0).to_numpy()
        bars = axes.barh(at, width, height, left=start, color=colour, edgecolor="white", lw=0.4)
        names = [name if wide else "" for wide in width >= LABELLED]
        axes.bar_label(bars, names, label_type="center", color=_ink(colour), fontsize=6.5)
        start += width


def figure_selection_regions(types: pd.DataFrame) -> Figure:
    """Draw two bars per region: types of its contributing cells, and of all its cells.

    Parameters
    ----------
    types : DataFrame
        ``region``, ``pft``, ``chosen``, ``all_cells`` [1].
    """
    found = types[(types.chosen > 0) | (types.all_cells > 0)]
    regions = types.region.unique()
    with style():
        figure = new_figure(9.0, 8.6)
        axes = figure.subplots()
        for kind, (place, height) in BARS.items():
            wide = found.pivot(index="region", columns="pft", values=kind)
            _stack(axes, 100 * wide.reindex(regions), place, height)
        axes.set_yticks(np.arange(len(regions)), regions)
        axes.set_ylim(len(regions) - 0.4, -0.6)
        axes.set_xlim(0.0, 100.0)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("share of the cells [%]")
        axes.set_title("Upper, thick: contributing cells; lower, thin: all cells of the region")
        present = [name for name in PFT_COLOURS if name in set(found.pft)]
        patches = [Patch(color=PFT_COLOURS[name], label=name) for name in present]
        figure.legend(handles=patches, loc="outside right center")
    return figure
