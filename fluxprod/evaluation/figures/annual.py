"""Annual NEE of the globe, its detrended anomalies and their standard deviation (Fig. 2)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from fluxprod.evaluation.figures.panels.palette import COLOURS, line, new_figure, point, style
from fluxprod.evaluation.run.sources import ALL


def _annual(axes: Axes, table: pd.DataFrame, sources: list[str]) -> None:
    for source in reversed(sources):
        axes.plot(table.year, table[source], **line(source), **point(source), label=source)
        spread = table.get(f"{source}_spread")
        if spread is not None:
            low, high = table[source] - spread, table[source] + spread
            axes.fill_between(table.year, low, high, color=COLOURS[source], alpha=0.18, lw=0)
    axes.axhline(0.0, color="#888888", linewidth=0.8)
    axes.set_title("(A) annual NEE; band: members, one standard deviation")
    axes.set_ylabel("NEE [PgC yr$^{-1}$]")


def _anomalies(axes: Axes, table: pd.DataFrame, sources: list[str]) -> None:
    for source in reversed(sources):
        axes.plot(table.year, table[f"{source}_anomaly"], **line(source), **point(source))
    axes.axhline(0.0, color="#888888", linewidth=0.8)
    axes.set_title("(B) detrended anomalies")
    axes.set_ylabel("anomaly [PgC yr$^{-1}$]")
    axes.set_xlabel("year")


def _variability(axes: Axes, table: pd.DataFrame, sources: list[str]) -> None:
    deviation = [table[f"{source}_anomaly"].std(ddof=0) for source in sources]
    place = range(len(sources))
    bars = axes.barh(place, deviation, color=[COLOURS[source] for source in sources], height=0.65)
    axes.bar_label(bars, fmt="%.2f", padding=3)
    axes.set_yticks(place, sources)
    axes.invert_yaxis()
    axes.margins(x=0.18)
    axes.grid(visible=False, axis="y")
    axes.set_title("(C) interannual variability")
    axes.set_xlabel("std of anomalies [PgC yr$^{-1}$]")


def figure_annual(table: pd.DataFrame) -> Figure:
    """Draw Fig. 2 from the annual table of the globe."""
    sources = [source for source in ALL if source in table]
    with style():
        figure = new_figure(9.0, 6.2)
        grid = figure.add_gridspec(2, 2, width_ratios=(2.1, 1.0))
        above, below = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        _annual(above, table, sources)
        _anomalies(below, table, sources)
        for axes in (above, below):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        _variability(figure.add_subplot(grid[1, 1]), table, sources)
        legend = figure.add_subplot(grid[0, 1])
        legend.axis("off")
        handles, labels = above.get_legend_handles_labels()
        legend.legend(handles[::-1], labels[::-1], loc="center left", fontsize=11)
    return figure
