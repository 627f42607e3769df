"""Maps drawn from tables with one row per land cell."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from fluxprod.core.grid import Grid
from fluxprod.core.map_panel import draw_map


def grid_of(table: pd.DataFrame) -> Grid:
    """Global grid on which the cells of a table lie, inferred from their latitudes."""
    return Grid(float(np.diff(np.unique(table.lat)).min()))


def table_on_grid(table: pd.DataFrame, values: pd.Series, grid: Grid) -> np.ndarray:
    """Arrange values of cells as a map, shape (lat, lon), with NaN where there is no cell."""
    field = np.full(grid.shape, np.nan)
    field.ravel()[grid.cell_of(table.lat.to_numpy(), table.lon.to_numpy())] = values
    return field


def draw_cells(
    axes: Axes, table: pd.DataFrame, values: pd.Series, title: str, colours: dict[str, Any]
) -> AxesImage:
    """Draw a map from one value per land cell.

    Parameters
    ----------
    axes : Axes
        Panel to draw in.
    table : DataFrame
        ``lat``, ``lon`` of all land cells [degree].
    values : Series
        Values of the same rows; cells with missing values take the colour of the sea but lie
        within the coastline.
    title : str
        Title of the panel.
    colours : dict
        Colour scale, see `map_scale`.

    Returns
    -------
    AxesImage
        For a colour bar.
    """
    grid = grid_of(table)
    land = np.isfinite(table_on_grid(table, table.lat, grid))
    field = table_on_grid(table, values, grid)
    image = draw_map(axes, field, land, grid.lat_edges, grid.lon_edges, **colours)
    axes.set_title(title)
    axes.tick_params(labelsize=7, length=2.5)
    axes.label_outer()
    return image
