"""Mean seasonal cycles of the globe and of regions (Figs. 3 and C1)."""

from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.panels.palette import COLOURS, line, new_figure, point, style
from fluxprod.evaluation.run.sources import ALL, EC, EC_ATM, FLUXCOM, INVERSIONS, TRUTH

TICKS = (1, 4, 7, 10)
COLUMNS = 3  # panels per row
NAMES = ("Jan", "Apr", "Jul", "Oct")
# the truth is drawn last because it often coincides with the inversions
DRAWN = (INVERSIONS, FLUXCOM, EC, EC_ATM, TRUTH)


def _cycle(axes: Axes, table: pd.DataFrame, sources: list[str], title: str) -> None:
    for source in sources:
        axes.plot(table.month, table[source], **line(source), **point(source, 3.0), label=source)
        spread = table.get(f"{source}_spread")
        if spread is not None:
            low, high = table[source] - spread, table[source] + spread
            axes.fill_between(table.month, low, high, color=COLOURS[source], alpha=0.18, lw=0)
    axes.axhline(0.0, color="#888888", linewidth=0.8)
    axes.set_xticks(TICKS, NAMES)
    axes.locator_params(axis="y", nbins=5)
    axes.set_title(title, fontweight="bold")


def figure_seasonal(table: pd.DataFrame) -> Figure:
    """Draw one panel per region, in the order of the table.

    Parameters
    ----------
    table : DataFrame
        Mean seasonal cycles by region and month [PgC month-1].
    """
    sources = [source for source in DRAWN if source in table]
    regions = table.region.unique()
    columns = min(len(regions), COLUMNS)
    n_rows = ceil(len(regions) / columns)
    with style():
        figure = new_figure(3.0 * columns, 2.3 * n_rows + 0.6)
        panels = np.atleast_1d(figure.subplots(n_rows, columns, sharex=True)).ravel()
        for axes, region in zip(panels, regions, strict=False):
            _cycle(axes, table[table.region == region], sources, region)
        for axes in panels[len(regions) :]:
            axes.axis("off")
        handles = dict(zip(*reversed(panels[0].get_legend_handles_labels()), strict=True))
        shown = [source for source in ALL if source in handles]
        lines = [handles[source] for source in shown]
        figure.legend(lines, shown, loc="outside upper center", ncols=len(shown))
        figure.supylabel("NEE [PgC month$^{-1}$]", fontsize=10)
    return figure
