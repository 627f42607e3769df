"""Maps of the mean and the year-to-year standard deviation of annual NEE (Fig. 5)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fluxprod.evaluation.palette import new_figure, style
from fluxprod.evaluation.sources import EC, EC_ATM, FLUXCOM, INVERSIONS, TRUTH

SHOWN = (EC_ATM, EC, TRUTH, INVERSIONS, FLUXCOM)
NAMES = {"mean": "mean annual NEE", "std": "standard deviation of annual NEE"}
SEA = "#e8e8e8"
LATITUDES = (-58.0, 84.0)  # degree_north: all land but Antarctica


def _field(table: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells to a map from the southernmost to the northernmost land: edges and values."""
    step = float(np.diff(np.unique(table.lat)).min())
    low, west = table.lat.min(), -180.0 + step / 2.0
    n_rows = round((table.lat.max() - low) / step) + 1
    field = np.full((n_rows, round(360.0 / step)), np.nan)
    row = np.rint((table.lat - low) / step).astype(int)
    field[row, np.rint((table.lon - west) / step).astype(int)] = table[name]
    lat = low - step / 2.0 + step * np.arange(n_rows + 1)
    return -180.0 + step * np.arange(field.shape[1] + 1), lat, field


def draw_map(axes: Axes, table: pd.DataFrame, name: str, title: str, colours: dict):
    """Draw a column of land cells as a map; returns the mesh for its colour bar."""
    mesh = axes.pcolormesh(*_field(table, name), **colours)
    axes.set_facecolor(SEA)
    axes.set_aspect("equal")
    axes.set_title(title)
    axes.grid(visible=False)
    axes.set_xticks((-120, -60, 0, 60, 120), ("120°W", "60°W", "0°", "60°E", "120°E"))
    axes.set_yticks((-30, 0, 30, 60), ("30°S", "0°", "30°N", "60°N"))
    axes.set_ylim(*LATITUDES)
    axes.tick_params(labelsize=8)
    return mesh


def _limit(table: pd.DataFrame, names: list[str]) -> float:
    """A round number that 98 of 100 cells do not exceed."""
    largest = np.nanpercentile(np.abs(table[names].values), 98)
    return float(max(10.0, np.ceil(largest / 50.0) * 50.0 if largest > 50 else np.ceil(largest)))


def figure_maps(table: pd.DataFrame) -> Figure:
    """Draw one row a source: mean and standard deviation over the years."""
    sources = [source for source in SHOWN if f"{source}_mean" in table]
    kinds = {"mean": ("RdBu_r", -1.0), "std": ("viridis", 0.0)}
    with style():
        figure = new_figure(9.0, 2.2 * len(sources) + 0.7)
        panels = figure.subplots(len(sources), 2, squeeze=False)
        for column, (kind, (palette, low)) in enumerate(kinds.items()):
            limit = _limit(table, [f"{source}_{kind}" for source in sources])
            colours = {"cmap": palette, "vmin": low * limit, "vmax": limit, "rasterized": True}
            for axes, source in zip(panels[:, column], sources):
                mesh = draw_map(axes, table, f"{source}_{kind}", f"{source}: {kind}", colours)
            figure.colorbar(
                mesh,
                ax=list(panels[:, column]),
                orientation="horizontal",
                extend="both" if low else "max",
                aspect=30,
                label=f"{NAMES[kind]} [g m$^{{-2}}$ yr$^{{-1}}$]",
            )
    return figure
