"""One panel of modelled against observed NEE: coloured by the number of site-days in a bin."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.image import AxesImage

COUNT = "site-days in a bin"
UNIT = "[g m$^{-2}$ d$^{-1}$]"


def count_norm(bins: pd.DataFrame) -> LogNorm:
    """From one site-day to the fullest bin."""
    return LogNorm(1, max(2, int(bins["count"].max())))


def sides(bins: pd.DataFrame, width: float) -> np.ndarray:
    """Sides of the bins from the lowest to the highest that is filled on either axis."""
    both = bins[["observed", "modelled"]].to_numpy()
    low, high = both.min() - width / 2.0, both.max() + width / 2.0
    return low + width * np.arange(round((high - low) / width) + 1)


def draw_density(axes: Axes, bins: pd.DataFrame, side: np.ndarray, norm: LogNorm) -> AxesImage:
    """Draw bins of one model, and the line on which both agree.

    Parameters
    ----------
    axes : Axes
    bins : DataFrame
        ``observed``, ``modelled`` [g m-2 d-1], ``count`` [1].
    side : ndarray
        Sides of the bins, of both axes, equally wide [g m-2 d-1].
    norm : LogNorm
        Of the counts, one for all panels.

    Returns
    -------
    AxesImage
        For a colour bar.
    """
    count = np.full((len(side) - 1, len(side) - 1), np.nan)
    at = {name: np.searchsorted(side, bins[name]) - 1 for name in ("observed", "modelled")}
    count[at["modelled"], at["observed"]] = bins["count"].astype(float)
    extent = (side[0], side[-1], side[0], side[-1])
    image = axes.imshow(count, origin="lower", extent=extent, interpolation="nearest", norm=norm)
    axes.axline((0, 0), slope=1.0, color="black", linewidth=1.0, linestyle="--")
    axes.set_xlim(side[0], side[-1])
    axes.set_ylim(side[0], side[-1])
    return image


def note(axes: Axes, scores: dict[str, float], size: float) -> None:
    """Write scores into the corner where no points lie."""
    wide = max(map(len, scores))
    text = "\n".join(f"{name:{wide}} {value:6.3f}" for name, value in scores.items())
    place = {"transform": axes.transAxes, "va": "top", "family": "monospace"}
    axes.text(0.04, 0.97, text, fontsize=size, **place)
