"""Maps of the mean NEE of both models and their difference by calendar month (Fig. 6)."""

from calendar import month_abbr

import pandas as pd
from matplotlib.figure import Figure

from fluxprod.core.time_axis import MONTHS
from fluxprod.evaluation.figures.panels.cell_map import draw_cells
from fluxprod.evaluation.figures.panels.map_scale import bar, flux_scale
from fluxprod.evaluation.figures.panels.palette import new_figure, style
from fluxprod.evaluation.run.sources import EC, EC_ATM

DIFFERENCE = f"{EC} - {EC_ATM}"
SHOWN = (EC_ATM, EC, DIFFERENCE)
LABEL = "mean NEE of the month, and difference [g m$^{-2}$ d$^{-1}$]; green: uptake, or more of it"


def figure_monthly_maps(table: pd.DataFrame) -> Figure:
    """Draw EC-ATM, EC and EC - EC-ATM on a common scale, one row per month.

    Parameters
    ----------
    table : DataFrame
        Table of `monthly_map_table` [g m-2 d-1].
    """
    fluxes = table.drop(columns=["lat", "lon"])
    colours = flux_scale(fluxes.to_numpy())
    with style():
        figure = new_figure(9.0, 15.6, layout="compressed")
        panels = figure.subplots(MONTHS, len(SHOWN))
        for month, row in enumerate(panels, start=1):
            with_constraint, without = fluxes[f"{EC_ATM}_{month}"], fluxes[f"{EC}_{month}"]
            fields = (with_constraint, without, without - with_constraint)
            titles = SHOWN if month == 1 else ("", "", "")
            for axes, values, title in zip(row, fields, titles):
                image = draw_cells(axes, table, values, title, colours)
            row[0].set_ylabel(month_abbr[month], fontweight="bold")
        bar(figure, image, panels.ravel(), LABEL, "both", aspect=50.0, pad=0.01)
    return figure
