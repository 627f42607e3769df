"""A map of the land: colours, the coastline of the grid, and axes in degrees."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

# uptake green, source brown: colour-blind readers can tell the two ends apart
DIVERGING = "BrBG_r"
SEQUENTIAL = "viridis"
SEA = "#e3e6ea"
COAST = "#333333"
LATITUDES = (-58.0, 84.0)  # degree_north: all land except Antarctica
LONGITUDES = (-180.0, 180.0)


def coastline(land: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Cell sides that separate land from other cells.

    Parameters
    ----------
    land : ndarray of bool, shape (lat, lon)
        Whether a cell has land.
    lat, lon : ndarray, shape (lat + 1,), (lon + 1,)
        Edges of the cells [degree_north], [degree_east].

    Returns
    -------
    ndarray, shape (side, 2, 2)
        Both ends of each side as (lon, lat) [degree].
    """
    row, column = np.nonzero(land[:, 1:] != land[:, :-1])
    east = lon[column + 1]
    upright = np.stack([[east, lat[row]], [east, lat[row + 1]]])
    row, column = np.nonzero(land[1:] != land[:-1])
    north = lat[row + 1]
    level = np.stack([[lon[column], north], [lon[column + 1], north]])
    return np.concatenate([upright, level], axis=2).transpose(2, 0, 1)


def round_limit(*fields: np.ndarray) -> float:
    """Round number that at least 98 % of absolute values do not exceed; 1 without finite values."""
    values = np.concatenate([np.abs(np.ravel(field)) for field in fields])
    values = values[np.isfinite(values)]  # the spread of a single member is NaN
    largest = (float(np.percentile(values, 98)) if values.size else 0.0) or 1.0
    step = 10.0 ** np.floor(np.log10(largest)) / 2.0
    return float(np.ceil(largest / step) * step)


def draw_map(
    axes: Axes,
    values: np.ndarray,
    land: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
    **colours: Any,
) -> AxesImage:
    """Draw a field with the coast around its land.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    values : ndarray, shape (lat, lon)
        Field, south to north; NaN appears in the colour of the sea.
    land : ndarray of bool, shape (lat, lon)
        Whether a cell has land.
    lat, lon : ndarray, shape (lat + 1,), (lon + 1,)
        Edges of equally wide cells [degree_north], [degree_east].
    **colours
        Passed to ``imshow``: ``cmap`` with ``vmin`` and ``vmax``, or with ``norm``.

    Returns
    -------
    AxesImage
        Image for a colour bar.
    """
    extent = (lon[0], lon[-1], lat[0], lat[-1])
    image = axes.imshow(values, origin="lower", extent=extent, interpolation="nearest", **colours)
    sides = coastline(land, lat, lon)
    gap = np.full((len(sides), 1, 2), np.nan)  # a single broken line draws faster than many lines
    ends = np.concatenate([sides, gap], axis=1).reshape(-1, 2)
    axes.plot(*ends.T, color=COAST, linewidth=0.5, solid_capstyle="projecting")
    axes.set_facecolor(SEA)
    axes.grid(visible=False)
    axes.set_xticks((-120, -60, 0, 60, 120), ("120°W", "60°W", "0°", "60°E", "120°E"))
    axes.set_yticks((-30, 0, 30, 60), ("30°S", "0°", "30°N", "60°N"))
    axes.set_xlim(*LONGITUDES)
    axes.set_ylim(*LATITUDES)
    return image
