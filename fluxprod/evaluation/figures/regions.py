"""Efficiency against the inversions (Fig. 4) and mean annual NEE by region."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.panels.palette import COLOURS, new_figure, point, style
from fluxprod.evaluation.run.sources import ALL, EC, EC_ATM, MODELS, TRUTH
from fluxprod.evaluation.run.totals import GLOBAL


def figure_nnse(table: pd.DataFrame) -> Figure:
    """Draw nNSE of monthly totals, with regions ordered by that of EC-ATM (Fig. 4)."""
    table = table.sort_values(EC_ATM, ascending=False)
    place, width = np.arange(len(table)), 0.27
    with style():
        figure = new_figure(9.0, 3.8)
        axes = figure.subplots()
        for shift, source in zip((-1, 0, 1), MODELS):
            at = place + shift * width
            axes.bar(at, table[source], width * 0.92, color=COLOURS[source], label=source)
        axes.axhline(0.5, color="black", linewidth=1.0, linestyle="--")
        axes.text(len(table) - 0.4, 0.51, "as good as\nthe mean", va="bottom", fontsize=8)
        axes.set_xticks(place, table.region, rotation=45, ha="right", rotation_mode="anchor")
        axes.set_xlim(-0.6, len(table) + 1.3)
        axes.set_ylim(0.0, 1.0)
        axes.grid(visible=False, axis="x")
        axes.set_ylabel("nNSE of monthly totals [1]")
        figure.legend(loc="outside upper center", ncols=len(MODELS))
    return figure


def figure_regional_sinks(table: pd.DataFrame) -> Figure:
    """Draw mean annual NEE of the 18 regions by source, with the spread across the members."""
    table = table[table.region != GLOBAL].sort_values(EC).reset_index(drop=True)
    sources = [source for source in ALL if source in table]
    with style():
        figure = new_figure(9.0, 4.2)
        axes = figure.subplots()
        for number, source in enumerate(sources):
            at = table.index + (number - (len(sources) - 1) / 2) * 0.15
            marks = point(source, 9.0 if source == TRUTH else 5.0) | {"label": source}
            spread = table.get(f"{source}_spread")
            colour = COLOURS[source]
            axes.errorbar(
                at, table[source], spread, linestyle="none", color=colour, capsize=2, **marks
            )
        axes.axhline(0.0, color="#888888", linewidth=0.8)
        axes.set_xticks(table.index, table.region, rotation=45, ha="right", rotation_mode="anchor")
        axes.set_ylabel("mean annual NEE [PgC yr$^{-1}$]")
        figure.legend(loc="outside upper center", ncols=len(sources))
    return figure
