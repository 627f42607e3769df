import numpy as np
import pytest
from matplotlib import colormaps

from fluxprod.evaluation.figures.panels.map_scale import doubling_levels, flux_scale, spread_scale


@pytest.mark.parametrize(
    ("largest", "first"),
    [(390.0, 12.5), (0.0, 0.04), (3.1, 0.125), (810.0, 40.0)],
)
def test_levels_double_from_a_round_number(largest, first):
    levels = doubling_levels(np.array([np.nan, largest, -largest]))
    upward = levels[levels > 0]
    assert upward.tolist() == pytest.approx([first * 2**n for n in range(6)])
    assert (-levels[::-1]).tolist() == levels.tolist()
    assert upward[-1] >= largest


def test_uptake_is_green_a_source_brown_and_little_is_white():
    scale = flux_scale(np.array([-100.0, 100.0]))
    colour = colormaps[scale["cmap"]]
    red, green, _, _ = colour(scale["norm"](-60.0))
    assert green > red
    red, green, _, _ = colour(scale["norm"](60.0))
    assert red > green
    assert colour(scale["norm"](0.0))[:3] == pytest.approx((1, 1, 1), abs=0.06)


def test_a_spread_starts_at_zero():
    scale = spread_scale(np.array([3.0, 7.0]))
    assert (scale["vmin"], scale["vmax"]) == (0.0, 7.0)
