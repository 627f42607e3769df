import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fluxprod.core.map_panel import SEA
from fluxprod.evaluation.figures.panels.cell_map import draw_cells, grid_of, table_on_grid


def test_cells_lie_where_they_are():
    table = pd.DataFrame({"lat": [-15.0, 15.0, 75.0], "lon": [-165.0, 15.0, 165.0]})
    grid = grid_of(table)
    assert grid.resolution == 30.0
    field = table_on_grid(table, pd.Series([1.0, 2.0, 3.0]), grid)
    assert field.shape == (6, 12)
    assert [field[2, 0], field[3, 6], field[5, 11]] == [1.0, 2.0, 3.0]
    assert np.isfinite(field).sum() == 3


def test_a_cell_without_a_value_has_a_coast():
    table = pd.DataFrame({"lat": [15.0, 45.0], "lon": [15.0, 15.0]})
    axes = Figure().subplots()
    draw_cells(axes, table, pd.Series([1.0, np.nan]), "title", {})
    coast = axes.lines[0].get_xydata()
    assert np.nanmax(coast[:, 1]) == 60.0
    assert axes.get_facecolor()[:3] == Figure(facecolor=SEA).get_facecolor()[:3]
    assert axes.get_title(loc="center") + axes.get_title(loc="left") == "title"
