"""Distribution over towers of R2 at each scale of time, beside estimates without skill."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.panels.palette import COLOURS, new_figure, style
from fluxprod.evaluation.run.sources import EC, EC_ATM
from fluxprod.evaluation.sites.no_skill import MEAN_OF_OTHERS, SEASON_OF_OTHERS
from fluxprod.evaluation.sites.quantiles import MEAN, skill_over_sites
from fluxprod.evaluation.sites.scales import (
    ANNUAL,
    ANOMALY,
    DAILY,
    MONTHLY,
    SEASON,
    SEASON_SHAPE,
)

ROWS = {
    DAILY: "daily values",
    MONTHLY: "monthly means",
    SEASON: "mean seasonal cycle",
    SEASON_SHAPE: "its shape",
    ANOMALY: "daily anomalies",
    ANNUAL: "annual anomalies",
    MEAN: "means of towers",
}
PAINT = {
    EC_ATM: COLOURS[EC_ATM],
    EC: COLOURS[EC],
    SEASON_OF_OTHERS: "#6b6b6b",
    MEAN_OF_OTHERS: "#b5b5b5",
}
LEAST = -1.0  # R2 at the left edge; lower ones are counted there
ROW = 0.76  # share of a row that its models fill
SCATTER = 0.29  # of the points, as a share of the height of a model


def figure_site_skill(table: pd.DataFrame, paint: Mapping[str, str] = PAINT) -> Figure:
    """Draw one row per scale, and in it quartiles and towers of each model.

    Parameters
    ----------
    table : DataFrame
        Of `site_skill`.
    paint : dict of str, optional
        Colours of the models that are drawn, from top to bottom; by default both models of the
        pipeline and the estimates of `no_skill`.
    """
    r2 = skill_over_sites(table)
    r2 = r2[r2.score == "r2"].set_index(["model", "scale"])
    with style():
        step = ROW / len(paint)
        figure = new_figure(9.0, 3.4 + 0.95 * len(paint))
        axes = figure.subplots()
        for row, scale in enumerate(ROWS):
            for number, (model, colour) in enumerate(paint.items()):
                at = row + (number - (len(paint) - 1) / 2) * step
                if scale == MEAN:
                    _diamond(axes, r2.value[model, scale], at, colour)
                else:
                    of = table[(table.model == model) & (table.scale == scale)]
                    quantiles = r2[["q25", "median", "q75"]].loc[[(model, scale)]].to_numpy()[0]
                    _strip(axes, of.r2.dropna().to_numpy(), quantiles, (at, step), colour)
        first = next(iter(paint))
        _frame(axes, [int(r2.n_sites[first, scale]) for scale in ROWS], paint)
    return figure


def _strip(
    axes: Axes, r2: np.ndarray, quantiles: np.ndarray, place: tuple[float, float], colour: str
) -> None:
    """Quartile bar with the median, and a point for each tower; place is a row and a height."""
    if not len(r2):
        return
    at, step = place
    low, middle, high = np.maximum(quantiles, LEAST)
    axes.barh(at, high - low, 0.8 * step, left=low, color=colour, alpha=0.55, zorder=2)
    shown = np.sort(r2[r2 >= LEAST])
    # spread by rank, so that the same table gives the same picture
    aside = SCATTER * step * (np.arange(len(shown)) % 5 / 2.0 - 1.0)
    points: dict[str, Any] = {"s": 6.0, "color": colour, "linewidths": 0.0, "alpha": 0.9}
    axes.scatter(shown, at + aside, zorder=3, **points)
    if quantiles[1] >= LEAST:
        half = 0.46 * step
        axes.plot([middle] * 2, [at - half, at + half], color="black", linewidth=4.2, zorder=4)
        axes.plot([middle] * 2, [at - half, at + half], color="white", linewidth=2.0, zorder=5)
    below = (r2 < LEAST).mean()
    if below:
        text: dict[str, Any] = {"fontsize": 7.5, "va": "center", "ha": "right", "color": "#333333"}
        axes.text(LEAST - 0.015, at, f"◂ {below:.0%}", **text)


def _diamond(axes: Axes, r2: float, at: float, colour: str) -> None:
    if np.isfinite(r2):
        marker: dict[str, Any] = {"marker": "D" if r2 >= LEAST else "<", "markersize": 6.5}
        axes.plot(max(r2, LEAST), at, color=colour, linestyle="none", zorder=4, **marker)


def _frame(axes: Axes, n_sites: list[int], paint: Mapping[str, str]) -> None:
    names = [f"{name}\n{n} towers" for name, n in zip(ROWS.values(), n_sites, strict=True)]
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0, pad=34)
    axes.set_ylim(len(names) - 0.45, -0.55)
    axes.set_xlim(LEAST, 1.0)
    axes.grid(visible=False, axis="y")
    axes.axvline(0.0, color="black", linewidth=1.0, zorder=1)
    for row in range(1, len(names)):
        axes.axhline(row - 0.5, color="#dddddd", linewidth=0.6)
    axes.set_xlabel("R2 at single towers [1]: 0 is the tower's own mean, 1 is perfect")
    for model, colour in paint.items():
        axes.barh(np.nan, np.nan, color=colour, label=model)
    axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=min(4, len(paint)))
