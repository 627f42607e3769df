import numpy as np
import pandas as pd
import pytest

from fluxprod.evaluation.tables.selected_sites import region_apart, sites_apart
from fluxprod.evaluation.tables.site_density import parts
from tests.evaluation.conftest import Evaluated

SINKS = pd.DataFrame(
    {"region": ["GLOBAL", "USA", "CAN", "CAM"], "EC-ATM": [-3, -1, -1, -1], "EC": [-9, -2, -7, -4]}
)


@pytest.mark.parametrize(
    ("regions", "chosen"),
    [
        ([0, 0, 1, 1, 2, 2, -1], 1),  # by 6 PgC/yr, against 1 and 3
        ([0, 0, 1, 2, 2], 2),  # one tower is too few
        ([0, 0, -1, -1], 0),
        ([0, 2, -1, -1], 2),  # unless no region has more
    ],
)
def test_the_region_where_the_models_differ_most(regions, chosen):
    assert region_apart(SINKS, np.array(regions)) == chosen


def test_least_and_most_apart_in_the_mean():
    site = np.array([4, 4, 7, 7, 9, 9])
    apart = np.array([2.0, -2.0, -1.0, -1.0, 0.5, 0.5])  # means 0, -1 and 0.5
    assert sites_apart(site, {"EC": apart, "EC-ATM": np.zeros(6)}) == [4, 7]


def test_one_tower_is_shown_once():
    two = {"EC": np.ones(2), "EC-ATM": np.zeros(2)}
    assert sites_apart(np.array([3, 3]), two) == [3]


def test_planted_towers(evaluated: Evaluated):
    table = pd.read_csv(evaluated.folder / "figures" / "selected_sites.csv")
    bins, scores = parts(table)
    assert scores.site.tolist() == 2 * ["AA-S00"] + 2 * ["AA-S01"]
    assert set(scores.region) == {"BRA"}
    assert scores.model.tolist() == 2 * ["EC-ATM", "EC"]
    assert scores.RMSE.tolist() == 2 * [1.5, 1.0]
    assert scores.bias.tolist() == pytest.approx([0.0, 0.0, 1.5, 1.0])
    assert bins.groupby(["site", "model"])["count"].sum().tolist() == 4 * [50]
