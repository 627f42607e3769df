import numpy as np
import pandas as pd
import pytest

from fluxprod.evaluation.figures.selection_regions import figure_selection_regions
from tests.evaluation.conftest import Evaluated


def bars(types: pd.DataFrame) -> dict[tuple[float, float], list[tuple[float, str]]]:
    """Widths [%] and colours of the segments of each bar, keyed by its centre."""
    found: dict = {}
    for container in figure_selection_regions(types).axes[0].containers:
        for piece in container:
            if piece.get_width() > 0:
                middle = round(piece.get_y() + piece.get_height() / 2, 6)
                found.setdefault(middle, []).append((piece.get_width(), piece.get_facecolor()))
    return found


def test_two_bars_per_region_in_the_same_colours():
    types = pd.DataFrame(
        {
            "region": ["USA", "USA", "OCE", "OCE"],
            "pft": ["BSV", "EBF", "BSV", "EBF"],
            "chosen": [0.25, 0.75, np.nan, np.nan],
            "all_cells": [0.5, 0.5, 1.0, 0.0],
        }
    )
    usa_chosen, usa_all, oce_all = (bar for _, bar in sorted(bars(types).items()))
    assert [width for width, _ in usa_chosen] == [75.0, 25.0]  # EBF stands before BSV
    assert [width for width, _ in usa_all] == [50.0, 50.0]
    assert [width for width, _ in oce_all] == [100.0]
    assert [colour for _, colour in usa_chosen] == [colour for _, colour in usa_all]
    assert oce_all[0][1] == usa_all[1][1]


def test_bars_of_all_regions_are_full(evaluated: Evaluated):
    found = bars(evaluated.tables["selection_types_regions"])
    assert len(found) == 2 * 18 - 1  # the last region of the fake run has no draws
    assert [sum(width for width, _ in bar) for bar in found.values()] == pytest.approx(35 * [100])
