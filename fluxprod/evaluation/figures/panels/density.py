"""Panel of modelled against observed NEE, coloured by the number of site-days in a bin."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.image import AxesImage
from matplotlib.ticker import MultipleLocator

COUNT = "site-days in a bin"
UNIT = "[g m$^{-2}$ d$^{-1}$]"
TICK = 5.0  # g m-2 d-1
OBSERVED = f"observed NEE {UNIT}"
MODELLED = f"modelled NEE,\nout of fold {UNIT}"
AXES = ["observed", "modelled"]


def count_norm(bins: pd.DataFrame) -> LogNorm:
    """Logarithmic colour scale from one site-day to the largest count."""
    return LogNorm(1, max(2, int(bins["count"].max())))


def sides(bins: pd.DataFrame, names: list[str], width: float) -> np.ndarray:
    """Bin edges that span the filled bins of all named axes.

    Parameters
    ----------
    bins : DataFrame
        Centres of the bins [g m-2 d-1].
    names : list of str
        Columns of ``bins``.
    width : float
        Width of a bin [g m-2 d-1].

    Returns
    -------
    ndarray, shape (edge,)
        [g m-2 d-1].
    """
    filled = bins[names].to_numpy()
    low, high = filled.min() - width / 2.0, filled.max() + width / 2.0
    return np.asarray(low + width * np.arange(round((high - low) / width) + 1))


def draw_density(
    axes: Axes, bins: pd.DataFrame, x: np.ndarray, y: np.ndarray, norm: LogNorm
) -> AxesImage:
    """Draw the bins of one model and the 1:1 line.

    Parameters
    ----------
    axes : Axes
        Panel to draw in.
    bins : DataFrame
        ``observed``, ``modelled`` [g m-2 d-1], ``count`` [1].
    x, y : ndarray, shape (edge,)
        Bin edges of equal width [g m-2 d-1].
    norm : LogNorm
        Colour scale of the counts, common to all panels.

    Returns
    -------
    AxesImage
        For a colour bar.
    """
    count = np.full((len(y) - 1, len(x) - 1), np.nan)
    row, column = (
        np.searchsorted(side, bins[name]) - 1 for side, name in ((y, "modelled"), (x, "observed"))
    )
    count[row, column] = bins["count"].astype(float)
    extent = (x[0], x[-1], y[0], y[-1])
    image = axes.imshow(count, origin="lower", extent=extent, interpolation="nearest", norm=norm)
    image.set_zorder(1)  # above the grid lines
    axes.axline((0, 0), slope=1.0, color="black", linewidth=1.0, linestyle="--")
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MultipleLocator(TICK))
    return image


def in_words(scores: Mapping[Any, float], names: tuple[str, ...]) -> str:
    """Format scores for a title."""
    return ", ".join(f"{name} {scores[name]:.3f}" for name in names)
