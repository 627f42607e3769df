import numpy as np
import pytest
import xarray as xr

from fluxprod.evaluation.study.baselines import RegressionChoice
from fluxprod.evaluation.study.real_towers import (
    choice_table,
    gathered_predictions,
    prediction_table,
    score_table,
)

INNER = np.array([[-1, 0, 1, -1], [0, -1, -1, 1]])


def test_each_record_is_estimated_once():
    parts = [
        (np.array([1.0, 4.0]), RegressionChoice(5, 0.5)),
        (np.array([2.0, 3.0]), RegressionChoice(20, 0.25)),
    ]
    estimate, choices = gathered_predictions(iter(parts), INNER)
    assert list(estimate) == [1.0, 2.0, 3.0, 4.0]
    assert choices == [{"setting": 5, "error": 0.5}, {"setting": 20, "error": 0.25}]
    table = choice_table({"forest": choices})
    assert list(table["value"]) == [5, 0.5, 20, 0.25]
    assert list(table["fold"]) == [0, 0, 1, 1]


@pytest.fixture
def records():
    return xr.Dataset(
        {
            "NEE": ("record", [1.0, -1.0, 3.0, -3.0]),
            "site_index": ("record", [0, 0, 1, 1]),
            "time": ("record", np.array(["2004-01", "2004-02"] * 2, "datetime64[s]")),
            "igbp": ("site", ["GRA", "ENF"]),
        },
        coords={"site": ["XX-Aaa", "XX-Bbb"]},
    )


def test_scores_by_hand(records):
    """A prediction of half of NEE: errors 0.5, 0.5, 1.5, 1.5, and a correlation of one."""
    table = score_table(records, {"half": records.NEE.values / 2}).set_index("igbp")
    assert list(table.index) == ["all", "ENF", "GRA"]
    assert list(table.n_months) == [4, 2, 2]
    assert list(table.MEF) == [0.75, 0.75, 0.75]
    assert list(table.R) == [1.0, 1.0, 1.0]
    assert table.RMSE["all"] == pytest.approx(np.sqrt(1.25), abs=1e-4)


def test_predictions_name_their_records(records):
    table = prediction_table(records, np.array([1, 0]), {"half": records.NEE.values / 2})
    assert list(table.columns) == ["site", "igbp", "fold", "month", "observed", "half"]
    assert list(table.iloc[3]) == ["XX-Bbb", "ENF", 0, "2004-02", -3.0, -1.5]
