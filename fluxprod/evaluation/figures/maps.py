"""Maps of the mean and the interannual standard deviation of annual NEE (Fig. 5)."""

import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.panels.cell_map import draw_cells
from fluxprod.evaluation.figures.panels.map_scale import bar, flux_scale, spread_scale
from fluxprod.evaluation.figures.panels.palette import new_figure, style
from fluxprod.evaluation.run.sources import EC, EC_ATM, FLUXCOM, INVERSIONS, TRUTH

SHOWN = (EC_ATM, EC, INVERSIONS, TRUTH, FLUXCOM)
UNIT = "[g m$^{-2}$ yr$^{-1}$]"
LABELS = {
    "mean": f"mean annual NEE {UNIT}; green: uptake",
    "std": f"standard deviation of annual NEE {UNIT}",
}


def figure_maps(table: pd.DataFrame) -> Figure:
    """Draw mean and standard deviation over the years, one row per source.

    Parameters
    ----------
    table : DataFrame
        Table of `map_table` [g m-2 yr-1].
    """
    sources = [source for source in SHOWN if f"{source}_mean" in table]
    scales = {"mean": flux_scale, "std": spread_scale}
    with style():
        figure = new_figure(9.0, 1.86 * len(sources) + 0.75, layout="compressed")
        panels = figure.subplots(len(sources), 2, squeeze=False)
        for column, (kind, scale) in enumerate(scales.items()):
            colours = scale(table[[f"{source}_{kind}" for source in sources]].to_numpy())
            for axes, source in zip(panels[:, column], sources):
                values = table[f"{source}_{kind}"]
                image = draw_cells(axes, table, values, f"{source}: {kind}", colours)
            extend = "both" if kind == "mean" else "max"
            bar(figure, image, list(panels[:, column]), LABELS[kind], extend)
    return figure
