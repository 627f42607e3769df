"""Coverage checked by hand on two regions with round totals, and on three cells."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.evaluation.run.cell_years import cell_years
from fluxprod.evaluation.tables.coverage import cell_errors, coverage_table, total_errors
from tests.evaluation.conftest import Evaluated

MONTHS = pd.date_range("2001-01-01", "2002-12-01", freq="MS")


def monthly(values):
    """Distribute annual totals, shape (..., year), evenly over the months."""
    return np.repeat(np.asarray(values, dtype=float), 12, axis=-1) / 12


@pytest.fixture
def totals():
    coords = {"region": ["GLOBAL", "USA", "BRA"], "time": MONTHS}
    truth = xr.DataArray(
        monthly([[0.0, 0.0], [1.0, 1.0], [2.0, 5.0]]), dims=("region", "time"), coords=coords
    )
    members = xr.DataArray(
        # means 3, 2, 1 with spreads of 1, sqrt(2) and sqrt(2)
        [monthly([[2, 2], [1, 1], [0, 0]]), monthly([[4, 4], [3, 3], [2, 2]]),
         monthly([[3, 3], [np.nan, np.nan], [np.nan, np.nan]])],
        dims=("member", "region", "time"), coords=coords,
    )  # fmt: skip
    return truth, members


def test_errors_of_totals(totals):
    errors = total_errors(*totals)
    assert errors.region.tolist() == ["GLOBAL"] * 2 + ["USA"] * 2 + ["BRA"] * 2
    assert errors.error.tolist() == pytest.approx([3, 3, 1, 1, -1, -4])
    assert errors.spread.tolist() == pytest.approx([1, 1, *([np.sqrt(2)] * 4)])
    assert errors.z.tolist() == pytest.approx([3, 3, *(np.sqrt([0.5, 0.5, 0.5, 8]))])


def test_all_is_of_the_regions_alone(totals):
    table = coverage_table(total_errors(*totals), 2.0).set_index("region")
    assert table.index.tolist() == ["ALL", "GLOBAL", "USA", "BRA"]
    assert table.n.tolist() == [4, 2, 2, 2]
    # within 1, 2, 1.96 and 3.92 spreads
    assert table.loc["ALL", "raw_68":].tolist() == [0.75, 0.75, 0.75, 1.0]
    assert table.loc["GLOBAL", "raw_68":].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert table.loc["BRA", "raw_68":].tolist() == [0.5, 0.5, 0.5, 1.0]


def test_one_member_has_no_spread(totals):
    truth, members = totals
    table = coverage_table(total_errors(truth, members[:1]), 2.0)
    assert table.n.tolist() == [0, 0, 0, 0]
    assert table[["raw_68", "inflated_95"]].isna().all(axis=None)


def test_cells_count_by_their_land():
    # two members 1 g m-2 d-1 apart: annual means half way, spreads 365 / sqrt(2)
    cell = [0, 2, 3]
    coords = {"cell": cell, "month": MONTHS}
    low = xr.DataArray(np.zeros((3, 24)), dims=("cell", "month"), coords=coords)
    members = xr.concat([low, low + 1.0], "member")
    mean, spreads = cell_years(members)
    assert mean == pytest.approx(np.full((3, 2), 365 / 2))
    assert spreads == pytest.approx(np.full((3, 2), 365 / np.sqrt(2)))
    # off by 0.5, 1 and 3 g m-2 d-1: 0.71, 1.41 and 4.2 spreads
    truth = np.full((24, 2, 2), np.nan)
    truth[:, [0, 1, 1], [0, 0, 1]] = 0.5 + np.array([0.5, 1.0, 3.0])
    land = xr.Dataset(
        {"cell_region": ("cell", [0, -1, 0]), "land_area": ("cell", [1.0, 2.0, 5.0])},
        coords={"cell": cell},
    )
    field = xr.DataArray(truth, dims=("time", "lat", "lon"), coords={"time": MONTHS})
    table = coverage_table(cell_errors(field, mean, spreads, land), 2.0).set_index("region")
    assert table.index.tolist() == ["ALL", "USA"]
    assert table.n.tolist() == [6, 4]
    assert table.loc["ALL", "raw_68":].tolist() == [0.125, 0.375, 0.375, 0.375]
    assert table.loc["USA", "raw_68"] == pytest.approx(1 / 6, abs=1e-4)


def test_tables_of_a_run(evaluated: Evaluated):
    totals, cells = (evaluated.tables[name] for name in ("coverage", "coverage_cells"))
    assert totals.columns.tolist() == [
        "source", "region", "n", "inflation", "raw_68", "inflated_68", "raw_95", "inflated_95",
    ]  # fmt: skip
    assert totals.groupby("source", sort=False).size().to_dict() == {"EC-ATM": 20, "EC": 20}
    assert cells.groupby("source", sort=False).size().to_dict() == {"EC-ATM": 19, "EC": 19}
    factors = totals.groupby("source").inflation.unique().map(list).to_dict()
    assert factors == {"EC-ATM": [2.0], "EC": [3.0]}
    assert set(cells.inflation[cells.source == "EC"]) == {2.5}


def test_a_planted_bias_is_seen_where_it_is(evaluated: Evaluated):
    # members differ by 0.05 g m-2 d-1; EC is off by 1 in the tropics, by nothing elsewhere
    cells = evaluated.tables["coverage_cells"].set_index(["source", "region"])
    assert cells.inflated_95["EC", "BRA"] == 0.0
    assert cells.raw_68["EC", "USA"] == 1.0
    whole = cells.loc["EC"]
    assert 0 < whole.raw_68["ALL"] < 1
    metrics = evaluated.metrics["coverage"]
    assert metrics["ec"]["cells"]["raw_68"] == pytest.approx(whole.raw_68["ALL"])
    totals = evaluated.tables["coverage"].set_index(["source", "region"])
    for where, region in (("regions", "ALL"), ("globe", "GLOBAL")):
        found = metrics["ec_atm"][where]["inflated_95"]
        assert found == totals.inflated_95["EC-ATM", region]
