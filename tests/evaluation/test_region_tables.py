import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.evaluation.region_tables import regions_improved
from tests.evaluation.conftest import Evaluated

# Tables 2 and 3 of Upton et al., rows and columns in their order
NAMES = "USA CAN CAM NSA BRA SSA EU NAF EQAF SAF RUS CAS MIDE CHN KAJ SAS SEAS OCE"
ROWS = ["GLOBAL", *NAMES.split()]
MODELS = ["EC-ATM", "EC", "FLUXCOM"]
TABLE2 = [f"{s}_{m}" for s in ("monthly_R", "monthly_RMSE", "MSC_R", "MSC_RMSE") for m in MODELS]
TABLE3 = [f"{s}_{m}" for s in ("annual_R", "annual_RMSE") for m in MODELS]


@pytest.fixture(scope="module")
def series(evaluated: Evaluated):
    """Totals of Brazil from the files, without the code under test."""
    folder = evaluated.run.folder
    with xr.open_dataset(folder / "inversions.nc") as file:
        inversions = file.NEE.sel(region="BRA").mean("member").to_series()
    regional = pd.read_csv(next((folder / "product").glob("*regional*.csv")))
    brazil = regional[regional.region == "BRA"].pivot(
        index="month", columns="model", values="nee_PgC_per_month"
    )
    return brazil.set_axis(inversions.index).assign(inversions=inversions)


def test_rows_and_columns_are_the_papers(evaluated: Evaluated):
    for name, columns in (("table2", TABLE2), ("table3", TABLE3)):
        table = evaluated.tables[name]
        assert table.region.tolist() == ROWS
        assert table.columns.tolist() == ["region", *columns]
        assert table.notna().all(axis=None)


def test_three_cells_of_table_2_by_another_route(evaluated: Evaluated, series):
    row = evaluated.tables["table2"].set_index("region").loc["BRA"]
    assert row["monthly_R_EC-ATM"] == pytest.approx(
        series["EC-ATM"].corr(series.inversions), abs=6e-5
    )
    error = (series.EC - series.inversions) ** 2
    assert row["monthly_RMSE_EC"] == pytest.approx(np.sqrt(error.mean()), abs=6e-5)
    cycle = series.groupby(series.index.month).mean()
    assert row["MSC_R_EC"] == pytest.approx(cycle.EC.corr(cycle.inversions), abs=6e-5)


def test_three_cells_of_table_3_by_another_route(evaluated: Evaluated, series):
    row = evaluated.tables["table3"].set_index("region").loc["BRA"]
    yearly = series.groupby(series.index.year).sum()
    for model in ("EC", "EC-ATM"):
        error = (yearly[model] - yearly.inversions) ** 2
        assert row[f"annual_RMSE_{model}"] == pytest.approx(np.sqrt(error.mean()), abs=6e-5)
    assert row["annual_R_EC"] == pytest.approx(yearly.EC.corr(yearly.inversions), abs=6e-5)


def test_the_globe_is_no_region_that_improved():
    table = pd.DataFrame(
        {"region": ["GLOBAL", "USA", "CAN"], "EC-ATM": [0.9, 0.8, 0.5], "EC": [0.1, 0.7, 0.5]}
    )
    assert regions_improved(table) == 1
