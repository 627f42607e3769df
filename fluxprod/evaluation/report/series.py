"""Interactive charts of the annual and monthly NEE of a region."""

import altair as alt
import pandas as pd

from fluxprod.core.regions import REGIONS
from fluxprod.evaluation.figures.panels.palette import COLOURS, LINES, WIDTHS
from fluxprod.evaluation.report.chart import (
    ZOOM,
    Chart,
    Control,
    inline,
    sources_in,
    specification,
)
from fluxprod.evaluation.report_table import SPREAD
from fluxprod.evaluation.run.sources import ALL
from fluxprod.evaluation.run.totals import GLOBAL

DASHES = {"-": [1, 0], "--": [6, 4], ":": [2, 3]}  # px
LOW, HIGH = (f"datum.nee {sign} (datum[datum.source + '{SPREAD}'] || 0)" for sign in "-+")
TIME = "datetime(+slice(datum.month, 0, 4), +slice(datum.month, 5) - 1)"
PERIOD = "year(datum.time) >= first && year(datum.time) <= last"
BANDS = "Bands show one standard deviation across the members."


def _lines(rows: alt.Chart, sources: list[str], x: alt.X, unit: str) -> tuple[alt.Chart, alt.Chart]:
    """Draw the bands and the lines of all sources."""
    colours = alt.Scale(domain=sources, range=[COLOURS[name] for name in sources])
    dashes = alt.Scale(domain=sources, range=[DASHES[LINES[name]] for name in sources])
    legend = alt.Legend(title=None, symbolOpacity=1, symbolType="stroke")
    look = {"x": x, "color": alt.Color("source:N", scale=colours, legend=legend)}
    # later layers lie on top: the thin line of the truth on the wide one of the inversions
    tall = rows.transform_fold([*reversed(sources)], as_=["source", "nee"])
    tall = tall.transform_calculate(low=LOW, high=HIGH)
    low = alt.Y("low:Q", title=f"NEE [{unit}]")
    band = tall.mark_area(opacity=0.18).encode(y=low, y2="high:Q", **look)
    look["strokeDash"] = alt.StrokeDash("source:N", scale=dashes, legend=legend)
    width = alt.ExprRef(f"({WIDTHS})[datum.source]")
    return band, tall.mark_line(strokeWidth=width).encode(y="nee:Q", **look)


def _reading(rows: alt.Chart, table: pd.DataFrame, x: alt.X, moment: alt.Tooltip) -> alt.Chart:
    """Draw a rule at the pointer whose tooltip lists all values and spreads at that time."""
    near = alt.selection_point(
        name="near",
        nearest=True,
        on="pointerover",
        clear="pointerout",
        encodings=["x"],
        empty=False,
    )
    names = [name for name in map(str, table) if name.removesuffix(SPREAD) in ALL]
    shown = [
        alt.Tooltip(f"{name}:Q", format=".3f", title=name.replace(SPREAD, " ±")) for name in names
    ]
    seen = alt.condition(near, alt.value(0.5), alt.value(0.0))
    rule = rows.mark_rule(strokeWidth=2).encode(x=x, opacity=seen, tooltip=[moment, *shown])
    chart: alt.Chart = rule.add_params(near)
    return chart


def _series(
    rows: alt.Chart, table: pd.DataFrame, x: alt.X, moment: alt.Tooltip, unit: str
) -> alt.LayerChart | alt.FacetChart:
    """Layer bands, lines and the rule for the chosen region."""
    rows = rows.transform_filter("datum.region == region")
    band, line = _lines(rows, sources_in(table), x, unit)
    zoom = alt.selection_interval(name="zoom", bind="scales", encodings=["x"], zoom=ZOOM)
    layers = alt.layer(band, line.add_params(zoom), _reading(rows, table, x, moment))
    return layers.add_params(alt.param(name="region", value=GLOBAL))


def _regions(table: pd.DataFrame) -> Control:
    names = {region.abbreviation: f"{region.name} ({region.abbreviation})" for region in REGIONS}
    options = {names.get(name, "Globe"): name for name in table.region.unique()}
    return Control("region", "Region", options, GLOBAL)


def annual_chart(table: pd.DataFrame) -> Chart:
    """Chart of annual totals of a region that the reader chooses.

    Parameters
    ----------
    table : DataFrame
        ``regional_annual`` of `run_tables` [PgC yr-1].
    """
    axis = alt.Axis(format="d", tickMinStep=1, labelFlush=False, labelSeparation=8)
    x = alt.X("year:Q", title="year", scale=alt.Scale(zero=False, nice=False), axis=axis)
    rows = alt.Chart(inline(table, ("region",)))
    about = "Annual NEE of a region by source, with bands of one standard deviation over members."
    return Chart(
        name="annual-series",
        title="Annual NEE of a region",
        note=f"Choose a region and hover to see the values of a year. {BANDS}",
        data="regional_annual",
        controls=[_regions(table)],
        listed=True,
        aspect=0.4,
        least=260,
        renderer="svg",
        spec=specification(_series(rows, table, x, alt.Tooltip("year:Q"), "PgC/yr"), about),
    )


def monthly_chart(table: pd.DataFrame) -> Chart:
    """Chart of monthly totals of a region and period that the reader chooses.

    Parameters
    ----------
    table : DataFrame
        ``regional_monthly`` of `run_tables` [PgC month-1].
    """
    years = sorted({int(month[:4]) for month in table.month})
    x = alt.X("time:T", title=None, axis=alt.Axis(labelOverlap=True))
    moment = alt.Tooltip("time:T", format="%Y-%m", title="month")
    rows = alt.Chart(inline(table, ("region", "month")))
    rows = rows.transform_calculate(time=TIME).transform_filter(PERIOD)
    chart = _series(rows, table, x, moment, "PgC/month")
    ends = {"first": ("from", years[0]), "last": ("to", years[-1])}
    chart = chart.add_params(*(alt.param(name=end, value=year) for end, (_, year) in ends.items()))
    choice = {str(year): year for year in years}
    periods = [Control(end, label, choice, year) for end, (label, year) in ends.items()]
    return Chart(
        name="monthly-series",
        title="Monthly NEE of a region",
        note="Choose a region and a range of years. Drag to pan, hold Shift and scroll to zoom, "
        f"and double-click to reset. {BANDS}",
        data="regional_monthly",
        controls=[_regions(table), *periods],
        listed=True,
        aspect=0.4,
        least=260,
        renderer="svg",
        spec=specification(chart, "Monthly NEE of a region by source, with bands over members."),
    )
