import numpy as np
import pytest
from sklearn.metrics import r2_score

from fluxprod.evaluation.tables.site_scores import overall, site_scores
from tests.evaluation.conftest import Evaluated


def test_scores_of_planted_errors(evaluated: Evaluated):
    table, metrics = evaluated.tables["site_scores"], evaluated.metrics
    assert set(table.igbp) == {"all", "ENF", "EBF", "GRA"}
    assert (table[table.model == "EC"].RMSE == 1.0).all()
    assert (table[table.model == "EC-ATM"].RMSE == 1.5).all()
    assert metrics["site_rmse"] == {"ec_atm": 1.5, "ec": 1.0, "ratio": 1.5}
    assert table[table.igbp == "all"].n_days.tolist() == [300, 300]
    assert table[table.igbp == "ENF"].n_sites.tolist() == [2, 2]
    run = evaluated.tables["run"].set_index("item").value
    assert (run["sites"], run["site_days"]) == ("6", "300")


def test_scikit_learn_agrees_and_gaps_are_left_out():
    rng = np.random.default_rng(0)
    observed, predicted = rng.normal(size=(2, 100))
    igbp, site = np.repeat(["CRO", "DBF"], 50), np.repeat(np.arange(4), 25)
    table = site_scores(observed, {"EC": predicted}, site, igbp)
    assert overall(table, "EC", "MEF") == pytest.approx(r2_score(observed, predicted), abs=6e-5)
    crops = table[table.igbp == "CRO"].iloc[0]
    assert crops.MEF == pytest.approx(r2_score(observed[:50], predicted[:50]), abs=6e-5)
    predicted[:25] = np.nan
    assert site_scores(observed, {"EC": predicted}, site, igbp).n_sites.tolist() == [3, 1, 2]
