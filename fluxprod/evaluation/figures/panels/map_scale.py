"""Colour scales of maps, and their colour bars."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from fluxprod.core.map_panel import DIVERGING, SEQUENTIAL, round_limit

Scale = dict[str, Any]
N_DOUBLINGS = 5
FIRST = np.array([1.0, 1.25, 1.5, 2.0, 2.5, 4.0, 5.0, 10.0])  # round numbers within a decade
N_COLOURS = 256
MINUS = "\N{MINUS SIGN}"  # as in the labels of matplotlib
CORRELATION: Scale = {"cmap": "RdBu_r", "vmin": -1.0, "vmax": 1.0}


def doubling_levels(*fields: np.ndarray) -> np.ndarray:
    """Levels around zero, each twice the one before; 98 % of values lie within the last.

    A sink of EC and a true sink of a twentieth of it are then both visible on one scale.

    >>> doubling_levels(np.array([-780.0, 10.0])).astype(int).tolist()
    [-800, -400, -200, -100, -50, -25, 25, 50, 100, 200, 400, 800]
    """
    first = round_limit(*fields) / 2.0**N_DOUBLINGS
    decade = 10.0 ** np.floor(np.log10(first))
    steps = FIRST * decade
    upward = steps[steps >= first * (1.0 - 1e-9)][0] * 2.0 ** np.arange(N_DOUBLINGS + 1)
    return np.concatenate([-upward[::-1], upward])


def flux_scale(*fields: np.ndarray) -> Scale:
    """Diverging scale in steps that double, from green (uptake) to brown (source)."""
    norm = BoundaryNorm(doubling_levels(*fields), N_COLOURS, extend="both")
    return {"cmap": DIVERGING, "norm": norm}


def spread_scale(*fields: np.ndarray) -> Scale:
    """Sequential scale from zero to a limit that 98 % of values do not exceed."""
    return {"cmap": SEQUENTIAL, "vmin": 0.0, "vmax": round_limit(*fields)}


def bar(
    figure: Figure, image: AxesImage, panels: Sequence[Axes], label: str, extend: str, **place: Any
) -> Colorbar:
    """Draw one horizontal colour bar below panels that share a scale."""
    shape: dict[str, Any] = {"location": "bottom", "aspect": 35.0, "pad": 0.02} | place
    drawn = figure.colorbar(image, ax=list(panels), extend=extend, label=label, **shape)
    if isinstance(image.norm, BoundaryNorm):
        levels = image.norm.boundaries
        drawn.set_ticks(list(levels), labels=[f"{level:g}".replace("-", MINUS) for level in levels])
    drawn.ax.tick_params(labelsize=8)
    return drawn
