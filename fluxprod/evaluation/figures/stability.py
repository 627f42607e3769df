"""Stability of the bridge over random candidates: its fit, and the number and overlap of cells."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fluxprod.core.constants import SPARSE_METHODS
from fluxprod.evaluation.figures.panels.palette import new_figure, style

Marks = dict[str, Any]
R2_THRESHOLD = 0.95  # [1] at which the paper stops lowering the penalty
DRAWS: Marks = {"color": "#555555", "marker": "o", "markersize": 4.5, "zorder": 4}
LEAST: Marks = {**DRAWS, "markerfacecolor": "white", "zorder": 3}
RUN: Marks = {"color": "#000000", "marker": "D", "markersize": 4.5, "zorder": 3}
CANDIDATES: Marks = {
    "color": "#999999",
    "marker": "s",
    "markersize": 4.5,
    "markerfacecolor": "white",
}


def _points(axes: Axes, values: pd.Series, label: str, **marks: Any) -> None:
    axes.plot(values, np.arange(len(values)), linestyle="none", label=label, **marks)


def _draws(axes: Axes, table: pd.DataFrame, name: str) -> None:
    at, spread = np.arange(len(table)), table[f"{name}_sd"]
    marks: Marks = {
        "linestyle": "none",
        "capsize": 2,
        "label": "Lasso over draws: mean ± SD",
        **DRAWS,
    }
    axes.errorbar(table[name], at, xerr=spread, **marks)


def figure_stability(table: pd.DataFrame) -> Figure:
    """Draw R2, the number of contributing cells and their overlap over draws, by region.

    Parameters
    ----------
    table : DataFrame
        Table of `bridge_table`. A bridge that uses every cell is left out: its R2 is 1 by
        definition, and its cells are all those of the region.
    """
    with style():
        figure = new_figure(9.0, 5.6)
        fit, size, overlap = figure.subplots(1, 3, sharey=True, width_ratios=(1.3, 1.0, 1.0))
        _draws(fit, table, "draws_r2")
        _points(fit, table.draws_r2_min, "least of the draws", **LEAST)
        _draws(size, table, "draws_cells")
        if table.method[0] in SPARSE_METHODS:
            held_out = f"run's bridge ({table.method[0]}), years held out"
            _points(fit, table.r2_held_out, held_out, **RUN)
            _points(size, table.cells, "run's bridge", **RUN)
        threshold = f"the paper's threshold, {R2_THRESHOLD}"
        fit.axvline(R2_THRESHOLD, color="black", linewidth=1.0, linestyle="--", label=threshold)
        _points(overlap, table.overlap_cells, "_contributing cells", **DRAWS)
        _points(overlap, table.overlap_candidates, "candidates of the draws", **CANDIDATES)
        _label(fit, size, overlap, table.region)
        handles = [axes.get_legend_handles_labels()[0] for axes in (fit, overlap)]
        figure.legend(handles=sum(handles, []), loc="outside upper center", ncols=3)
    return figure


def _label(fit: Axes, size: Axes, overlap: Axes, region: pd.Series) -> None:
    fit.set_yticks(np.arange(len(region)), region)
    fit.set_ylim(len(region) - 0.5, -0.5)
    fit.set_title("Fit of monthly totals")
    fit.set_xlabel("R² [1]")
    size.set_title("Number of contributing cells")
    size.set_xlabel("cells [1]")
    size.set_xlim(left=0.0)
    overlap.set_title("Overlap of two draws' cells")
    overlap.set_xlabel("cells in both over cells in either [1]")
    overlap.set_xlim(-0.03, 1.03)
