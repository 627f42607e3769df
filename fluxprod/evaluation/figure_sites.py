"""Modelled against observed NEE at towers that the member has not seen (Fig. 8)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from fluxprod.evaluation.palette import new_figure, style
from fluxprod.evaluation.site_scores import BIN, LIMIT, overall
from fluxprod.evaluation.sources import OURS


def _density(axes: Axes, points: pd.DataFrame, norm: LogNorm):
    side = np.arange(-LIMIT, LIMIT + BIN, BIN)
    count = np.histogram2d(points.modelled, points.observed, bins=side, weights=points["count"])[0]
    image = axes.pcolormesh(side, side, np.where(count > 0, count, np.nan), norm=norm)
    axes.axline((0, 0), slope=1.0, color="black", linewidth=1.0, linestyle="--")
    axes.set_aspect("equal")
    axes.set_xlabel("observed NEE [g m$^{-2}$ d$^{-1}$]")
    return image


def figure_sites(density: pd.DataFrame, scores: pd.DataFrame) -> Figure:
    """Draw the density of site-days by model, with the scores over all sites.

    Parameters
    ----------
    density, scores : DataFrame
        Of `site_scores`.
    """
    norm = LogNorm(1, max(2, int(density["count"].max())))
    with style():
        figure = new_figure(9.0, 4.4)
        panels = figure.subplots(1, len(OURS), sharey=True)
        for axes, model in zip(panels, OURS):
            image = _density(axes, density[density.model == model], norm)
            measures = {name: overall(scores, model, name) for name in ("RMSE", "MEF", "R")}
            text = "\n".join(f"{name} {value:.3f}" for name, value in measures.items())
            axes.text(0.04, 0.96, text, transform=axes.transAxes, va="top", family="monospace")
            axes.set_title(model, fontweight="bold")
        panels[0].set_ylabel("modelled NEE, out of fold [g m$^{-2}$ d$^{-1}$]")
        figure.colorbar(image, ax=panels, label="site-days a bin")
    return figure
