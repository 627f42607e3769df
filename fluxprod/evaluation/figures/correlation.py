"""Maps of the correlation of monthly series of single cells (Fig. 7)."""

from string import ascii_uppercase
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from fluxprod.core.map_panel import round_limit
from fluxprod.evaluation.figures.panels.cell_map import draw_cells
from fluxprod.evaluation.figures.panels.map_scale import CORRELATION
from fluxprod.evaluation.figures.panels.palette import new_figure, style
from fluxprod.evaluation.run.sources import EC, EC_ATM
from fluxprod.evaluation.tables.correlation import MODELS_PAIR, pair, references

R, DIFFERENCE = "Pearson's R of monthly NEE [1]", "difference of R [1]"
PLACES = {
    R: (1.3, 0.95, 1.6, 0.1),
    DIFFERENCE: (1.3, 0.25, 1.6, 0.1),
}  # in axes coordinates of the last map


class Shown(NamedTuple):
    """A map: its title, its quantity (`R` or `DIFFERENCE`) and its values."""

    title: str
    kind: str
    values: pd.Series


def _maps(table: pd.DataFrame) -> list[Shown]:
    """Maps of both models and their difference for each reference, then of the two models."""
    shown, letters = [], iter(ascii_uppercase)
    for reference in references(table):
        first, second = next(letters), next(letters)
        of, without = table[pair(EC_ATM, reference)], table[pair(EC, reference)]
        shown += [
            Shown(f"({first}) {EC_ATM} and {reference}", R, of),
            Shown(f"({second}) {EC} and {reference}", R, without),
            Shown(f"{first} - {second}", DIFFERENCE, of - without),
        ]
    return [*shown, Shown(f"({next(letters)}) {EC_ATM} and {EC}", R, table[MODELS_PAIR])]


def figure_correlation(table: pd.DataFrame) -> Figure:
    """Draw R of both models with each reference, their difference, and R between the models.

    Parameters
    ----------
    table : DataFrame
        Table of `correlation_table` [1].
    """
    shown, n_rows = _maps(table), len(references(table)) + 1
    limit = round_limit(*(part.values.to_numpy() for part in shown if part.kind == DIFFERENCE))
    scales = {R: CORRELATION, DIFFERENCE: CORRELATION | {"vmin": -limit, "vmax": limit}}
    images: dict[str, AxesImage] = {}
    with style():
        figure = new_figure(9.0, 1.42 * n_rows + 0.1, layout="compressed")
        panels = figure.subplots(n_rows, 3)
        for axes, (title, kind, values) in zip(panels.flat, shown, strict=False):
            images[kind] = draw_cells(axes, table, values, title, scales[kind])
        for axes in panels[-1, 1:]:
            axes.remove()
        for axes in panels[-2, 1:]:
            axes.tick_params(labelbottom=True)
        _bars(figure, panels[-1, 0], images)
    return figure


def _bars(figure: Figure, last: Axes, images: dict[str, AxesImage]) -> None:
    """Draw both colour bars in the space that the last row of maps leaves free."""
    for kind, image in images.items():
        place = last.inset_axes(PLACES[kind])
        place.set_in_layout(False)
        extend = "both" if kind == DIFFERENCE else "neither"
        bar = figure.colorbar(image, cax=place, orientation="horizontal", extend=extend)
        bar.set_label(kind, fontsize=9)
        bar.ax.tick_params(labelsize=8)
