import pandas as pd
import pytest

from fluxprod.evaluation.figures.stability import figure_stability
from tests.evaluation.conftest import Evaluated


def places(table: pd.DataFrame, panel: int) -> dict[str, list[float]]:
    lines = figure_stability(table).axes[panel].lines
    return {line.get_label(): list(line.get_xdata()) for line in lines}


@pytest.fixture
def table(evaluated: Evaluated) -> pd.DataFrame:
    return evaluated.tables["bridge"]


def test_the_figure_shows_the_values_of_the_table(table):
    fit, size = places(table, 0), places(table, 1)
    assert fit["run's bridge (lasso), years held out"] == table.r2_held_out.tolist()
    assert fit["the paper's threshold, 0.95"] == [0.95, 0.95]
    assert fit["least of the draws"][:17] == 17 * [0.95]
    assert size["run's bridge"] == table.cells.tolist()


@pytest.mark.parametrize("method", ["sampled", "exact"])
def test_a_bridge_of_every_cell_does_not_squeeze_the_draws(table, method):
    whole = table.assign(method=method, r2=1.0, r2_held_out=1.0, cells=15_000)
    for panel in (0, 1):
        assert not any(label.startswith("run's") for label in places(whole, panel))
    assert figure_stability(whole).axes[1].get_xlim()[1] < 10  # draws: 4 ± 1


def test_regions_from_top_to_bottom(table):
    axes = figure_stability(table).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == table.region.tolist()
    assert axes.yaxis_inverted()
