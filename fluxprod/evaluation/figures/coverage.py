"""Coverage by region compared with its nominal value."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.panels.palette import COLOURS, new_figure, point, style
from fluxprod.evaluation.run.sources import EC, EC_ATM, OURS
from fluxprod.evaluation.run.spread_coverage import NOMINAL
from fluxprod.evaluation.run.totals import GLOBAL
from fluxprod.evaluation.tables.coverage import ALL

TOGETHER = (ALL, GLOBAL)  # rows above the separating line
OFFSET = {EC_ATM: -0.17, EC: 0.17}  # [rows] keeps the two models apart


def figure_coverage(table: pd.DataFrame) -> Figure:
    """Draw coverage with the stated (open) and the inflated spread (filled) by region.

    Parameters
    ----------
    table : DataFrame
        ``source``, ``region`` and, for each level, ``raw_<level>`` and ``inflated_<level>`` [1].
    """
    regions = list(table.region.drop_duplicates())
    with style():
        figure = new_figure(9.0, 6.4)
        panels = figure.subplots(1, len(NOMINAL), sharey=True)
        for axes, (level, nominal) in zip(panels, NOMINAL.items()):
            label = "what it should be"
            axes.axvline(100 * nominal, color="black", linewidth=1.0, linestyle="--", label=label)
            for source in OURS:
                _model(axes, table[table.source == source].set_index("region"), source, level)
            axes.axhline(
                sum(name in TOGETHER for name in regions) - 0.5, color="#777777", linewidth=0.8
            )
            axes.set_title(f"{level} % interval")
            axes.set_xlabel("years whose truth lies inside [%]")
            axes.set_xlim(-3.0, 103.0)
        panels[0].set_yticks(np.arange(len(regions)), regions)
        panels[0].set_ylim(len(regions) - 0.5, -0.5)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=3)
    return figure


def _model(axes: Axes, table: pd.DataFrame, source: str, level: int) -> None:
    """Draw a line from the stated to the inflated coverage of each region."""
    at = np.arange(len(table)) + OFFSET[source]
    raw, inflated = (100 * table[f"{name}_{level}"] for name in ("raw", "inflated"))
    axes.hlines(at, raw, inflated, color=COLOURS[source], linewidth=1.0, alpha=0.5)
    marks = {"color": COLOURS[source], "linestyle": "none", **point(source, 5.0)}
    axes.plot(raw, at, markerfacecolor="white", label=f"{source}, stated spread", **marks)
    if inflated.notna().any():
        axes.plot(inflated, at, label=f"{source}, inflated spread", **marks)
