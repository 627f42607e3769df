"""One map of a product variable: colours, the coastline of the grid itself, axes in degrees."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from fluxprod.grid import edges

SEA = "#e3e6ea"
COAST = "#333333"
LATITUDES = (-58.0, 84.0)  # degree_north: all land but Antarctica
LONGITUDES = (-180.0, 180.0)


def coastline(land: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Sides between cells with land and cells without.

    Parameters
    ----------
    land : ndarray of bool, shape (lat, lon)
    lat, lon : ndarray, shape (lat + 1,), (lon + 1,)
        Edges of the cells [degree_north], [degree_east].

    Returns
    -------
    ndarray, shape (side, 2, 2)
        Both ends of each side, as lon and lat.
    """
    row, column = np.nonzero(land[:, 1:] != land[:, :-1])
    east = lon[column + 1]
    upright = np.stack([[east, lat[row]], [east, lat[row + 1]]])
    row, column = np.nonzero(land[1:] != land[:-1])
    north = lat[row + 1]
    level = np.stack([[lon[column], north], [lon[column + 1], north]])
    return np.concatenate([upright, level], axis=2).transpose(2, 0, 1)


def draw_map(axes: Axes, field: xr.DataArray, land: xr.DataArray, title: str, **colours: Any):
    """Draw a field, dims (lat, lon), with the coast around ``land``; returns the mesh.

    ``colours`` goes to ``pcolormesh``: ``cmap``, ``vmin`` and ``vmax``.
    """
    lat, lon = edges(field.lat.values), edges(field.lon.values)
    mesh = axes.pcolormesh(lon, lat, field.values, **colours)
    sides = coastline(land.values > 0, lat, lon)
    axes.add_collection(
        LineCollection(list(sides), colors=COAST, linewidths=0.5, capstyle="projecting")
    )
    axes.set_facecolor(SEA)
    axes.set_aspect("equal")
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xticks((-120, -60, 0, 60, 120), ("120°W", "60°W", "0°", "60°E", "120°E"))
    axes.set_yticks((-30, 0, 30, 60), ("30°S", "0°", "30°N", "60°N"))
    axes.set_xlim(*LONGITUDES)
    axes.set_ylim(*LATITUDES)
    axes.tick_params(labelsize=9)
    return mesh
