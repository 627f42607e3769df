"""Interactive map of mean annual NEE by source and area."""

import altair as alt
import numpy as np
import pandas as pd

from fluxprod.evaluation.report import chart as report_chart
from fluxprod.evaluation.report.chart import Chart, Control
from fluxprod.evaluation.run.sources import EC_ATM

LIGHT = 12_000  # cells that a browser draws without delay
COARSE = 2.0  # degree, to which larger maps are aggregated
AREAS = {  # west, east, south, north [degree]
    "World": [-180, 180, -58, 84],
    "North America": [-170, -50, 10, 80],
    "South America": [-85, -32, -57, 15],
    "Europe": [-15, 45, 34, 72],
    "Africa": [-20, 55, -36, 38],
    "Northern Asia": [40, 180, 40, 80],
    "Southern Asia": [45, 150, -11, 55],
    "Oceania": [110, 180, -50, 0],
}
MEAN = "_mean"
SEA = "#e3e6ea"


def coarse(cells: pd.DataFrame) -> pd.DataFrame:
    """Average a map to cells of `COARSE` degrees, weighted by the full area of the cells.

    Parameters
    ----------
    cells : DataFrame
        ``lat``, ``lon`` of the centres [degree], and values; missing ones are skipped.

    Returns
    -------
    DataFrame
        The same columns.
    """
    centre = [(np.floor(cells[name] / COARSE) + 0.5) * COARSE for name in ("lat", "lon")]
    values, area = cells.drop(columns=["lat", "lon"]), np.cos(np.deg2rad(cells.lat))
    weight = values.notna().mul(area, axis=0).groupby(centre).sum()
    return (values.mul(area, axis=0).groupby(centre).sum() / weight).reset_index()


def _limit(values: pd.DataFrame) -> float:
    """Round upper limit of the colour scale: 98 % of absolute values do not exceed it."""
    return float(np.ceil(np.nanpercentile(np.abs(values), 98) / 50.0) * 50.0)


def _draw(cells: pd.DataFrame, sources: list[str], start: str) -> alt.Chart:
    half = float(np.diff(np.unique(cells.lat)).min()) / 2.0
    edges = {"west": f"datum.lon - {half}", "east": f"datum.lon + {half}"}
    edges |= {"south": f"datum.lat - {half}", "north": f"datum.lat + {half}"}
    limit = _limit(cells[sources])
    colours = alt.Scale(
        type="symlog",  # most land lies near zero
        constant=limit / 20.0,
        scheme="brownbluegreen",
        reverse=True,
        domain=[-limit, limit],
        clamp=True,
    )
    marks = [-limit, -limit / 10.0, 0.0, limit / 10.0, limit]
    legend = alt.Legend(title="NEE [g m⁻² yr⁻¹]", gradientLength=240, values=marks)
    ends = [alt.ExprRef(f"area[{end}]") for end in range(4)]
    x = alt.X("west:Q", title="longitude [°E]", scale=alt.Scale(domain=ends[:2], nice=False))
    y = alt.Y("south:Q", title="latitude [°N]", scale=alt.Scale(domain=ends[2:], nice=False))
    shown = [alt.Tooltip(f"{name}:Q", format=".1f") for name in ("lat", "lon", *sources)]
    chart = alt.Chart(report_chart.inline(cells)).transform_calculate(nee="datum[source]", **edges)
    chart = chart.transform_filter("isValid(datum.nee)").mark_rect(clip=True)
    colour = alt.Color("nee:Q", scale=colours, legend=legend)
    chart = chart.encode(x=x, x2="east:Q", y=y, y2="north:Q", color=colour, tooltip=shown)
    chart = chart.properties(view=alt.ViewBackground(fill=SEA))
    drawn: alt.Chart = chart.add_params(
        alt.param(name="source", value=start),
        alt.param(name="area", value=AREAS["World"]),
        alt.selection_interval(name="zoom", bind="scales", zoom=report_chart.ZOOM),
    )
    return drawn


def map_chart(table: pd.DataFrame) -> Chart:
    """Map of mean annual NEE of a source and area that the reader chooses.

    Parameters
    ----------
    table : DataFrame
        ``maps`` of `run_tables` [g m-2 yr-1].
    """
    cells = table[["lat", "lon", *(name for name in map(str, table) if name.endswith(MEAN))]]
    cells = coarse(cells) if len(cells) > LIGHT else cells
    cells = cells.rename(columns=lambda name: name.removesuffix(MEAN)).round(1)
    sources = report_chart.sources_in(cells)
    start = EC_ATM if EC_ATM in sources else sources[0]
    about = "Map of mean annual NEE; green is uptake."
    return Chart(
        name="mean-map",
        title="Map of mean annual NEE",
        note="Choose a source and an area, and hover to see the values of all sources in a cell. "
        "Drag to pan, hold Shift and scroll to zoom, and double-click to reset. Fluxes are per "
        "unit area of land; green is uptake, and the scale is finer near zero.",
        data="maps",
        controls=[
            Control("source", "Source", {name: name for name in sources}, start),
            Control("area", "Area", dict(AREAS), AREAS["World"]),
        ],
        listed=False,
        aspect=0.5,
        least=220,
        renderer="canvas",
        spec=report_chart.specification(_draw(cells, sources, start), about),
    )
