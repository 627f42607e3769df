import numpy as np
import pytest
from matplotlib.figure import Figure

from fluxprod.core.map_panel import coastline, draw_map, round_limit

LAT, LON = np.array([-60.0, -20.0, 20.0, 60.0]), np.array([-180.0, -60.0, 60.0, 180.0])


def test_coast_of_one_cell_has_its_four_sides():
    land = np.zeros((3, 3), bool)
    land[1, 1] = True
    sides = coastline(land, np.array([-3.0, -1.0, 1.0, 3.0]), np.array([0.0, 5.0, 10.0, 15.0]))
    drawn = {frozenset(map(tuple, side.tolist())) for side in sides}
    corners = [(5.0, -1.0), (10.0, -1.0), (10.0, 1.0), (5.0, 1.0)]
    assert drawn == {frozenset(pair) for pair in zip(corners, corners[1:] + corners[:1])}


@pytest.mark.parametrize(("largest", "limit"), [(640.0, 650.0), (0.51, 0.55), (0.0, 1.0)])
def test_limits_are_round(largest, limit):
    assert round_limit(np.array([np.nan, largest, -largest])) == pytest.approx(limit)


def test_without_a_spread_the_limit_is_one():
    assert round_limit(np.array([np.nan, np.nan])) == 1.0


def test_the_coast_surrounds_the_land_and_values_are_in_place():
    values = np.full((3, 3), np.nan)
    values[2, 0] = 1.0
    axes = Figure().subplots()
    image = draw_map(axes, values, np.isfinite(values), LAT, LON, vmin=0.0, vmax=1.0)
    assert tuple(image.get_extent()) == (-180.0, 180.0, -60.0, 60.0)
    assert image.origin == "lower"  # the last row is the northernmost
    (coast,) = axes.lines
    ends = coast.get_xydata().reshape(-1, 3, 2)
    assert np.isnan(ends[:, 2]).all()
    drawn = {frozenset(map(tuple, side)) for side in ends[:, :2].tolist()}
    # the edges of the map are not coasts
    assert drawn == {
        frozenset({(-60.0, 20.0), (-60.0, 60.0)}),
        frozenset({(-180.0, 20.0), (-60.0, 20.0)}),
    }
