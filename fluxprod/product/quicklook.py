"""Quick-look figures of the product, for a first impression without opening a data file."""

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from fluxprod.core.grid import edges
from fluxprod.core.map_panel import DIVERGING, SEQUENTIAL, draw_map, round_limit
from fluxprod.core.time_axis import month_days
from fluxprod.product.edition import Edition

WIDTH = 1200.0 / 110.0  # inch; 1,200 pixels at the resolution of the writer
MODELS = {"nee": "EC-ATM", "nee_ec": "EC (towers only, for comparison)"}
SEASONS = {
    "December to February": (12, 1, 2),
    "March to May": (3, 4, 5),
    "June to August": (6, 7, 8),
    "September to November": (9, 10, 11),
}
SIGN = "negative (green): uptake by land"
# the colour-blind-safe colours of Okabe and Ito
LINES = {
    "inversions": {"color": "#0072B2", "linewidth": 3.2, "alpha": 0.6},
    "EC": {"color": "#D55E00", "linewidth": 1.4},
    "EC-ATM": {"color": "#009E73", "linewidth": 1.8},
}


def annual_mean(monthly: xr.DataArray) -> xr.DataArray:
    """Mean annual sum of a monthly flux, (time, lat, lon) [g m-2 d-1] to (lat, lon) [g m-2 yr-1].

    Months are weighted by their lengths.
    """
    time = pd.DatetimeIndex(monthly.time.values)
    days = xr.DataArray(month_days(time), dims="time", coords={"time": monthly.time})
    annual: xr.DataArray = xr.dot(monthly, days, dim="time") / time.year.nunique()
    return annual


def season_mean(monthly: xr.DataArray, months: tuple[int, ...]) -> xr.DataArray:
    """Mean of a monthly flux over the days of the given calendar months, (lat, lon) [g m-2 d-1]."""
    chosen = monthly.isel(time=monthly.time.dt.month.isin(months).values)
    days = month_days(pd.DatetimeIndex(chosen.time.values))
    weight = xr.DataArray(days / days.sum(), dims="time", coords={"time": chosen.time})
    mean: xr.DataArray = xr.dot(chosen, weight, dim="time")
    return mean


def _figure(height: float, what: str, edition: Edition) -> Figure:
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08)
    figure = Figure(figsize=(WIDTH, height), layout=layout, facecolor="white")
    name = f"{edition.citation.title}, v{edition.citation.version}"
    figure.suptitle(f"{what}, {edition.span}\n{name}", fontsize=13)
    return figure


def _maps(
    fields: dict[str, xr.DataArray],
    land: xr.DataArray,
    columns: int,
    what: str,
    unit: str,
    edition: Edition,
    *,
    diverging: bool,
) -> Figure:
    rows = len(fields) // columns
    figure = _figure(1.5 + rows * (4.55 if columns == 1 else 2.45), what, edition)
    panels = figure.subplots(rows, columns, squeeze=False)
    limit = round_limit(*(field.values for field in fields.values()))
    low, palette = (-limit, DIVERGING) if diverging else (0.0, SEQUENTIAL)
    grid = (land.values > 0, edges(land.lat.values), edges(land.lon.values))
    for axes, (title, field) in zip(panels.flat, fields.items()):
        mesh = draw_map(axes, field.values, *grid, cmap=palette, vmin=low, vmax=limit)
        axes.set_title(title, loc="left", fontsize=11)
        axes.tick_params(labelsize=9)
    extend = "both" if diverging else "max"
    bar = figure.colorbar(
        mesh, ax=list(panels.flat), location="bottom", extend=extend, aspect=45, shrink=0.8
    )
    bar.set_label(f"{unit}; {SIGN}" if diverging else unit, fontsize=11)
    return figure


def _series(regional: pd.DataFrame, edition: Edition) -> Figure:
    figure = _figure(5.2, "Monthly net ecosystem exchange of the globe", edition)
    axes = figure.subplots()
    globe = regional[regional.region == "GLOBAL"]
    for model, style in LINES.items():
        rows = globe[globe.model == model]
        time = pd.to_datetime(rows.month) + pd.Timedelta(days=14)
        nee, spread = rows.nee_PgC_per_month, rows.spread_PgC_per_month
        axes.plot(time, nee, label=model, **style)  # type: ignore[arg-type]
        axes.fill_between(
            time, nee - spread, nee + spread, color=style["color"], alpha=0.2, linewidth=0
        )
    axes.axhline(0.0, color="#333333", linewidth=0.8)
    axes.set_ylabel("NEE [PgC/month]; negative: uptake by land", fontsize=11)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.margins(x=0.01)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0.0, 0.98))
    axes.set_title("bands: one standard deviation over members", loc="right", fontsize=10)
    return figure


def quicklooks(monthly: xr.Dataset, regional: pd.DataFrame, edition: Edition) -> dict[str, Figure]:
    """Draw all quick-look figures.

    Parameters
    ----------
    monthly : Dataset, dims (time, lat, lon)
        The monthly file as written, with ``nee``, ``nee_ec`` and their spreads [g m-2 d-1], and
        ``land_fraction`` [1].
    regional : DataFrame
        The table of monthly regional totals, with the columns ``month``, ``region``, ``model``,
        ``nee_PgC_per_month`` and ``spread_PgC_per_month``.
    edition : Edition
        Edition of the product, for title, version and period.

    Returns
    -------
    dict of Figure
        Figures by the last word of their content in the file name: annual, seasons, spread and
        series.
    """
    land = monthly.land_fraction
    annual = {title: annual_mean(monthly[name]) for name, title in MODELS.items()}
    seasons = {title: season_mean(monthly.nee, months) for title, months in SEASONS.items()}
    spread = {title: monthly[f"{name}_spread"].mean("time") for name, title in MODELS.items()}
    yearly, daily = "[g m$^{-2}$ yr$^{-1}$]", "[g m$^{-2}$ d$^{-1}$]"
    return {
        "annual": _maps(
            annual, land, 1, "Mean annual net ecosystem exchange of carbon",
            f"NEE {yearly}", edition, diverging=True,
        ),
        "seasons": _maps(
            seasons, land, 2, "Net ecosystem exchange of carbon of EC-ATM by season",
            f"NEE {daily}", edition, diverging=True,
        ),
        "spread": _maps(
            spread, land, 1, "Spread over members: mean standard deviation of monthly NEE",
            f"standard deviation {daily}", edition, diverging=False,
        ),
        "series": _series(regional, edition),
    }  # fmt: skip
