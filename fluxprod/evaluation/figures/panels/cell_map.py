"""Maps drawn from tables with one row a land cell."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from fluxprod.core.grid import Grid
from fluxprod.core.map_panel import draw_map


def grid_of(table: pd.DataFrame) -> Grid:
    """The global grid on which the cells of a table lie, from the rows that they fill."""
    return Grid(float(np.diff(np.unique(table.lat)).min()))


def table_on_grid(table: pd.DataFrame, values: pd.Series, grid: Grid) -> np.ndarray:
    """Values of the cells on the map, shape (lat, lon); NaN where there is no cell."""
    field = np.full(grid.shape, np.nan)
    field.ravel()[grid.cell_of(table.lat.to_numpy(), table.lon.to_numpy())] = values
    return field


def draw_cells(
    axes: Axes, table: pd.DataFrame, values: pd.Series, title: str, colours: dict[str, Any]
) -> AxesImage:
    """Draw one value a land cell as a map.

    Parameters
    ----------
    axes : Axes
    table : DataFrame
        ``lat``, ``lon`` of all land cells [degree].
    values : Series
        Of the same rows; a missing one shows the colour of the sea, within the coast.
    title : str
    colours : dict
        As of `map_scale`.

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
