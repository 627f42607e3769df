import numpy as np
import pandas as pd
import pytest

from fluxprod.evaluation.run.totals import ROWS, cell_totals
from tests.evaluation.conftest import Evaluated

MONTHS = pd.date_range("2004-01-01", periods=2, freq="MS")


def test_totals_by_hand():
    # three cells of 1e12 m2: USA, OCE and no region; 31 and 29 days
    density = np.array([[1.0, 2.0], [-3.0, np.nan], [10.0, 0.0]])
    totals = cell_totals(density, np.full(3, 1e12), np.array([0, 17, -1]), MONTHS)
    assert totals.region.values.tolist() == list(ROWS)
    assert totals.sel(region="USA").values.tolist() == pytest.approx([0.031, 0.058])
    assert totals.sel(region="OCE").values.tolist() == pytest.approx([-0.093, 0.0])
    assert totals.sel(region="GLOBAL").values.tolist() == pytest.approx([0.248, 0.058])
    assert float(abs(totals.sel(region=["BRA", "EU"])).max()) == 0.0


def test_the_truth_comes_back(evaluated: Evaluated):
    table = evaluated.tables["regional_annual"].pivot(
        index="year", columns="region", values="truth"
    )
    planted = evaluated.run.truth_total.reshape(19, 3, 12).sum(axis=2)
    np.testing.assert_allclose(table[list(ROWS[1:])].T, planted[:18], atol=6e-5)
    np.testing.assert_allclose(table["GLOBAL"], planted.sum(axis=0), atol=6e-5)
