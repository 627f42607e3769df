"""A chart that a reader hovers over and zooms into: Vega-Lite, drawn by the page itself."""

import csv
import io
from functools import cache
from typing import Any, NamedTuple

import altair as alt
import pandas as pd
import vl_convert

from fluxprod.evaluation.run.sources import ALL

ZOOM = "wheel![event.shiftKey]"  # the wheel alone scrolls the page


class Control(NamedTuple):
    """A list from which a reader chooses the value of a chart's parameter."""

    parameter: str
    label: str
    options: dict[str, Any]
    value: Any


class Chart(NamedTuple):
    """A chart as the report shows it.

    Attributes
    ----------
    name, title, note : str
    data : str
        Name of the table that it shows.
    controls : list of Control
    listed : bool
        Whether its values of the reader's choice also stand in a table.
    aspect : float
        Height over width [1].
    least : int
        Least height [px].
    renderer : str
        "svg", or "canvas" for very many marks.
    spec : dict
        Vega-Lite.
    """

    name: str
    title: str
    note: str
    data: str
    controls: list[Control]
    listed: bool
    aspect: float
    least: int
    renderer: str
    spec: dict[str, Any]


@cache
def library() -> str:
    """JavaScript of Vega, Vega-Lite and Vega-Embed, whole: it can stand in a page."""
    version = alt.SCHEMA_VERSION.rpartition(".")[0]
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version).replace(
        "</script", "<\\/script"
    )


def inline(table: pd.DataFrame, texts: tuple[str, ...] = ()) -> alt.InlineData:
    """A table as CSV text, a fifth of the size of JSON records; columns not of text are numbers."""
    parse: dict[str, str] = {str(name): "string" if name in texts else "number" for name in table}
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(table)
    rows.writerows(table.astype(object).where(table.notna(), None).itertuples(index=False))
    return alt.InlineData(values=text.getvalue(), format=alt.CsvDataFormat(type="csv", parse=parse))


def sources_in(table: pd.DataFrame) -> list[str]:
    """Sources that a table has a column of."""
    return [source for source in ALL if source in table]


def specification(chart: Any, description: str) -> dict[str, Any]:
    """A finished chart as Vega-Lite, as wide as its place.

    Its marks have no text of their own: a reader by ear takes the table.
    """
    whole = chart.properties(width="container", description=description)
    axes = {"labelFontSize": 12, "titleFontSize": 12, "gridColor": "#dddddd"}
    whole = whole.configure_axis(**axes).configure_view(stroke=None)
    legend = {"orient": "top", "labelFontSize": 12, "titleFontSize": 12, "columns": 3}
    return whole.configure_legend(**legend).configure_mark(aria=False).to_dict()
