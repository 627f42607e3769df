import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.evaluation.tables.sinks import bias_removed, mean_spread, tropical_share
from tests.evaluation.conftest import Evaluated

DAYS = 365.0  # of a year from 2001 to 2003


def test_what_was_planted_comes_back(evaluated: Evaluated):
    # EC is the truth less 1 g m-2 d-1 in the tropics, EC-ATM less 0.1
    metrics, area = evaluated.metrics, evaluated.run.tropical_area
    sink = metrics["sink"]
    assert sink["ec"] - sink["truth"] == pytest.approx(-1e-15 * DAYS * area, abs=2e-3)
    assert sink["ec_atm"] - sink["truth"] == pytest.approx(-1e-16 * DAYS * area, abs=2e-3)
    assert metrics["bias_removed"]["truth"] == pytest.approx(0.9, abs=1e-3)
    assert metrics["tropical_share_of_ec_bias"]["truth"] == pytest.approx(1.0, abs=1e-3)
    assert sink["gcb"] == -3.5  # mean of 3, 3.5 and 4 GtC/yr into land
    assert metrics["nnse"]["regions_better"] >= 7  # the tropical ones


def test_shares_by_hand():
    table = pd.DataFrame({"region": ["GLOBAL", *ABBREVIATIONS], "EC": 0.0, "EC-ATM": 0.0})
    table["truth"] = 0.0
    table = table.set_index("region")
    table.loc["GLOBAL"] = [-20.0, -1.0, -3.0]
    table.loc["BRA", "EC"], table.loc["EU", "EC"] = -12.0, -5.0
    regional = table.reset_index()
    # biases -17 and +2: the sign of what is left does not matter
    assert bias_removed(regional, "truth") == pytest.approx(1 - 2 / 17)
    assert tropical_share(regional, "truth") == pytest.approx(12 / 17)


def test_spread_is_over_members(evaluated: Evaluated):
    table = evaluated.tables["global_sinks"].set_index("source")
    assert table.n_members["EC"] == 4
    assert table.n_members["inversions"] == 5
    assert np.isnan(table.spread["truth"])
    assert table.spread["GCB"] == evaluated.metrics["sink_spread"]["gcb"] == 0.9  # by its notes
    assert table.spread["EC"] > 0


def test_spread_leaves_out_years_that_a_member_lacks():
    # 12 and 24 a year in the second year; the first, at 1,200, is in one member alone
    monthly = np.array([[100.0] * 12 + [1.0] * 12, [np.nan] * 12 + [2.0] * 12])
    months = pd.date_range("2001-01-01", periods=24, freq="MS")
    members = xr.DataArray(monthly, dims=("member", "time"), coords={"time": months})
    assert float(mean_spread(members)) == pytest.approx(12.0 / np.sqrt(2.0))


def test_anomalies_sum_to_nothing(evaluated: Evaluated):
    table = evaluated.tables["annual"]
    for source in ("truth", "inversions", "EC-ATM", "EC", "FLUXCOM", "GCB"):
        assert table[f"{source}_anomaly"].sum() == pytest.approx(0.0, abs=2e-4)
    assert table.year.tolist() == [2001, 2002, 2003]
