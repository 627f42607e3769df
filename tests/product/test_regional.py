import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.time_axis import monthly_axis
from fluxprod.product.regional import (
    ROWS,
    ensemble_statistics,
    inversion_totals,
    regional_dataset,
    regional_series,
    regional_table,
    yearly,
)

DIMS = ("time", "lat", "lon")
MONTHS = monthly_axis(2004, 2004)


def made_up() -> dict[str, xr.Dataset]:
    """One cell in USA (region 0), one in no region and one at sea, in the leap year 2004.

    USA: 2 g m-2 d-1 x 1e12 m2 x 0.5 land x 31 d = 3.1e13 g = 0.031 Pg in January.
    """
    nee = np.tile([[2.0, -1.0, np.nan]], (12, 1)).reshape(12, 1, 3)
    monthly = xr.Dataset(
        {
            "nee": (DIMS, nee),
            "nee_ec": (DIMS, 2.0 * nee),
            "cell_area": (("lat", "lon"), [[1e12, 1e12, 1e12]]),
            "land_fraction": (("lat", "lon"), [[0.5, 1.0, 0.0]]),
            "region": (("lat", "lon"), np.array([[0, -1, -1]], np.int8)),
        },
        coords={"time": MONTHS + pd.Timedelta("15D")},
    )
    # in each cell, two members differ by 1
    apart = xr.DataArray([-0.5, 0.5], dims="realization")
    members = xr.Dataset({name: monthly[name] + apart for name in ("nee", "nee_ec")})
    # three inversions: 0.01, 0.02 and 0.06 Pg month-1 in each region; the last is missing in May
    each = np.ones((3, 18, 12)) * np.array([0.01, 0.02, 0.06])[:, None, None]
    each[2, :, 4] = np.nan
    inversions = xr.Dataset(
        {
            "NEE": (("member", "region", "time"), each),
            "unassigned": (("member", "time"), each[:, 0]),
        },
        coords={"region": list(ABBREVIATIONS), "time": MONTHS},
    )
    return {"monthly": monthly, "members": members, "inversions": inversions}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    series = regional_series(**made_up())
    begin = {"regional-monthly": MONTHS, "regional-annual": MONTHS[:1]}
    return {
        name: regional_table(regional_dataset(series[name], begin[name]), name) for name in series
    }


def test_monthly_totals_worked_out_by_hand(tables):
    table = tables["regional-monthly"].set_index(["month", "region", "model"])
    nee = table.nee_PgC_per_month
    assert nee["2004-01", "USA", "EC-ATM"] == pytest.approx(0.031)
    assert nee["2004-01", "unassigned", "EC-ATM"] == pytest.approx(-0.031)
    assert nee["2004-01", "GLOBAL", "EC-ATM"] == pytest.approx(0.0)
    assert nee["2004-02", "USA", "EC-ATM"] == pytest.approx(0.029)  # 29 days
    assert nee["2004-02", "USA", "EC"] == pytest.approx(0.058)
    assert len(table) == 12 * 20 * 3


def test_spread_of_totals_worked_out_by_hand(tables):
    """Members that differ by 1 everywhere have a standard deviation of sqrt(1/2), also globally."""
    table = tables["regional-monthly"].set_index(["month", "region", "model"])
    spread = table.spread_PgC_per_month
    one = np.sqrt(0.5) * 31e-3  # Pg of 1e12 m2 in January
    assert spread["2004-01", "USA", "EC-ATM"] == pytest.approx(0.5 * one, abs=1e-9)
    assert spread["2004-01", "GLOBAL", "EC"] == pytest.approx(1.5 * one, abs=1e-9)
    assert (table.members.xs("EC", level="model") == 2).all()
    annual = tables["regional-annual"].set_index(["year", "region", "model"])
    expected = 1.5 * np.sqrt(0.5) * 366e-3
    assert annual.spread_PgC_per_year["2004", "GLOBAL", "EC-ATM"] == pytest.approx(
        expected, abs=1e-9
    )
    assert annual.nee_PgC_per_year["2004", "USA", "EC-ATM"] == pytest.approx(0.366)


def test_a_missing_inversion_does_not_count_as_zero(tables):
    table = tables["regional-monthly"].set_index(["month", "region", "model"])
    assert table.nee_PgC_per_month["2004-04", "BRA", "inversions"] == pytest.approx(0.03)
    assert table.nee_PgC_per_month["2004-05", "BRA", "inversions"] == pytest.approx(0.015)
    assert table.nee_PgC_per_month["2004-05", "GLOBAL", "inversions"] == pytest.approx(19 * 0.015)
    assert table.members["2004-05", "BRA", "inversions"] == 2
    annual = tables["regional-annual"].set_index(["year", "region", "model"])
    # without May it has no annual total
    assert annual.members["2004", "BRA", "inversions"] == 2
    assert annual.nee_PgC_per_year["2004", "BRA", "inversions"] == pytest.approx(12 * 0.015)


def test_annual_totals_are_sums_of_months(tables):
    monthly = tables["regional-monthly"].groupby(["region", "model"]).nee_PgC_per_month.sum()
    annual = tables["regional-annual"].set_index(["region", "model"]).nee_PgC_per_year
    for model in ("EC-ATM", "EC"):
        np.testing.assert_allclose(
            monthly.xs(model, level="model").sort_index(),
            annual.xs(model, level="model").sort_index(),
            atol=1e-8,
        )


def test_statistics_of_complete_ensembles_are_those_of_numpy():
    members = np.random.default_rng(1).normal(size=(5, 20, 7))
    found = ensemble_statistics(members)
    np.testing.assert_allclose(found["nee"], members.mean(axis=0))
    np.testing.assert_allclose(found["spread"], members.std(axis=0, ddof=1))
    assert (found["members"] == 5).all()
    single = ensemble_statistics(members[:1])
    assert np.isnan(single["spread"]).all()


def test_years_are_sums_of_twelve_months():
    months = np.arange(24.0).reshape(1, 24)
    assert yearly(months).tolist() == [[sum(range(12)), sum(range(12, 24))]]


def test_regions_may_come_in_any_order():
    made = made_up()["inversions"]
    made["NEE"] = made.NEE * xr.DataArray(np.arange(18.0), dims="region")
    turned = made.isel(region=slice(None, None, -1))
    np.testing.assert_array_equal(inversion_totals(turned), inversion_totals(made))
    assert ROWS[:2] == ("USA", "CAN")
