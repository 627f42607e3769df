"""Maps of the correlation of monthly series of single cells (Fig. 7)."""

from string import ascii_uppercase

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from fluxprod.evaluation.cell_map import draw_cells
from fluxprod.evaluation.correlation import MODELS_PAIR, pair, references
from fluxprod.evaluation.map_scale import CORRELATION
from fluxprod.evaluation.palette import new_figure, style
from fluxprod.evaluation.sources import EC, EC_ATM
from fluxprod.map_panel import round_limit

PLACES = {"R": (1.3, 0.95, 1.6, 0.1), "difference": (1.3, 0.25, 1.6, 0.1)}  # in the last map's


def _panels(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Values by title: a pair of models and their difference for each reference."""
    shown, letters = {}, iter(ascii_uppercase)
    for reference in references(table):
        first, second = next(letters), next(letters)
        pairs = (table[pair(EC_ATM, reference)], table[pair(EC, reference)])
        shown[f"({first}) {EC_ATM} and {reference}"] = pairs[0]
        shown[f"({second}) {EC} and {reference}"] = pairs[1]
        shown[f"{first} - {second}"] = pairs[0] - pairs[1]
    shown[f"({next(letters)}) {EC_ATM} and {EC}"] = table[MODELS_PAIR]
    return shown


def figure_correlation(table: pd.DataFrame) -> Figure:
    """Draw R of both models with each reference, their difference, and R between the models.

    Parameters
    ----------
    table : DataFrame
        Of `correlation_table`.
    """
    shown = _panels(table)
    apart = [values.to_numpy() for title, values in shown.items() if not title.startswith("(")]
    limit = round_limit(*apart)
    scales = {"R": CORRELATION, "difference": CORRELATION | {"vmin": -limit, "vmax": limit}}
    images: dict = {}
    n_rows = len(references(table)) + 1
    with style():
        figure = new_figure(9.0, 1.42 * n_rows + 0.1, layout="compressed")
        panels = figure.subplots(n_rows, 3)
        for axes, (title, values) in zip(panels.flat, shown.items(), strict=False):
            kind = "R" if title.startswith("(") else "difference"
            images[kind] = draw_cells(axes, table, values, title, scales[kind])
        for axes in panels[-1, 1:]:
            axes.remove()
        for axes in panels[-2, 1:]:
            axes.tick_params(labelbottom=True)
        _bars(figure, panels[-1, 0], images)
    return figure


def _bars(figure: Figure, last: Axes, images: dict[str, AxesImage]) -> None:
    """Draw both colour bars where the other two maps of the last row would lie."""
    labels = {"R": "Pearson's R of monthly NEE [1]", "difference": "difference of R [1]"}
    for kind, image in images.items():
        place = last.inset_axes(PLACES[kind])
        place.set_in_layout(False)
        extend = "both" if kind == "difference" else "neither"
        bar = figure.colorbar(image, cax=place, orientation="horizontal", extend=extend)
        bar.set_label(labels[kind], fontsize=9)
        bar.ax.tick_params(labelsize=8)
