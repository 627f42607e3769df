import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.evaluation.tables.bridge_checks import bridge_totals, post_hoc, shift_test


@pytest.fixture
def bridge() -> xr.Dataset:
    # USA: cells 0 and 2 with 1e12 and 3e12 m2; BRA: cell 3 with 2e12 m2
    return xr.Dataset(
        {
            "cell": ("contribution", [0, 2, 3]),
            "contribution_region": ("contribution", [0, 0, 4]),
            "theta": ("contribution", [1e12, 3e12, 2e12]),
            "intercept": ("region", np.where(np.arange(18) == 4, -1e12, 0.0)),
        }
    )


@pytest.fixture
def density() -> xr.DataArray:
    # cells 0 1 / 2 3 of a map of two by two, one month of 28 days
    return xr.DataArray(
        [[[1.0, 100.0], [2.0, -1.0]]],
        dims=("time", "lat", "lon"),
        coords={"time": pd.to_datetime(["2003-02-01"])},
    )


def test_totals_by_hand(bridge, density):
    totals = bridge_totals(density, bridge)
    # USA (1 x 1 + 3 x 2) 1e12 g d-1 x 28 d; BRA (2 x -1 - 1) 1e12 x 28
    assert totals.sel(region="USA").item() == pytest.approx(7e12 * 28e-15)
    assert totals.sel(region="BRA").item() == pytest.approx(-3e12 * 28e-15)
    assert float(abs(totals).sum()) == pytest.approx(10e12 * 28e-15)


def test_a_cell_without_a_flux_spoils_no_other_region(bridge, density):
    totals = bridge_totals(density.where(density != 1.0), bridge)  # cell 0 of USA
    assert totals.sel(region="USA").item() == pytest.approx(6e12 * 28e-15)
    assert totals.sel(region="BRA").item() == pytest.approx(-3e12 * 28e-15)


def test_shift_test_by_hand(bridge):
    area = np.zeros(18)
    area[[0, 4]] = 5e12, 2e12
    table = shift_test(bridge, area).set_index("region")
    assert table["shift"][["USA", "BRA", "GLOBAL"]].tolist() == [0.8, 1.0, 0.8571]
    assert np.isnan(table["shift"]["EU"])
    assert table.response["USA"] == pytest.approx(-4e12 * 365.25e-15, abs=5e-5)
    assert table.expected["GLOBAL"] == pytest.approx(-7e12 * 365.25e-15, abs=5e-5)


def test_a_bridge_that_is_the_sum_passes_the_post_hoc_check():
    months = pd.date_range("2001-01-01", periods=24, freq="MS")
    series = np.random.default_rng(0).normal(size=(18, 24))
    integral = xr.DataArray(series, dims=("region", "time"), coords={"time": months})
    same = post_hoc("EC", integral, integral)
    assert (same.difference == 0.0).all()
    half = post_hoc("EC", 0.5 * integral, integral)
    assert half.difference.to_numpy() == pytest.approx(-0.5 * half.integral, abs=1e-4)
    assert half.integral[0] == pytest.approx(series.sum() / 2.0, abs=1e-4)  # a year
    assert half.monthly_R.to_numpy() == pytest.approx(1.0)
