"""Interactive Vega-Lite charts, drawn by the page itself."""

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
    """Drop-down list that sets a parameter of a chart: option text to value."""

    parameter: str
    label: str
    options: dict[str, Any]
    value: Any


class Chart(NamedTuple):
    """A chart of the report.

    Attributes
    ----------
    name, title, note : str
        Identifier in the page, and caption.
    data : str
        Name of the table that it shows.
    controls : list of Control
    listed : bool
        Whether the values of the reader's choice are also listed as a table.
    aspect : float
        Height divided by width [1].
    least : int
        Minimum height [px].
    renderer : str
        "svg", or "canvas" for very many marks.
    spec : dict
        Vega-Lite specification.
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
    """JavaScript of Vega, Vega-Lite and Vega-Embed, escaped for use inside a script element."""
    version = alt.SCHEMA_VERSION.rpartition(".")[0]
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version).replace(
        "</script", "<\\/script"
    )


def inline(table: pd.DataFrame, texts: tuple[str, ...] = ()) -> alt.InlineData:
    """Embed a table as CSV, which takes a fifth of the size of JSON records.

    Parameters
    ----------
    table : DataFrame
        Data of a chart.
    texts : tuple of str
        Columns that hold text; all others are parsed as numbers.
    """
    parse: dict[str, str] = {str(name): "string" if name in texts else "number" for name in table}
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(table)
    rows.writerows(table.astype(object).where(table.notna(), None).itertuples(index=False))
    return alt.InlineData(values=text.getvalue(), format=alt.CsvDataFormat(type="csv", parse=parse))


def sources_in(table: pd.DataFrame) -> list[str]:
    """Sources that have a column in a table."""
    return [source for source in ALL if source in table]


def specification(chart: Any, description: str) -> dict[str, Any]:
    """Vega-Lite specification of a finished chart that fills the width of its container.

    Marks have no ARIA labels of their own: users of screen readers have the table of values.
    """
    styled = chart.properties(width="container", description=description)
    axes = {"labelFontSize": 12, "titleFontSize": 12, "gridColor": "#dddddd"}
    styled = styled.configure_axis(**axes).configure_view(stroke=None)
    legend = {"orient": "top", "labelFontSize": 12, "titleFontSize": 12, "columns": 3}
    found: dict[str, Any] = styled.configure_legend(**legend).configure_mark(aria=False).to_dict()
    return found
