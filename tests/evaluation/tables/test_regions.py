"""Tables 2 and 3: rows and columns as in the paper, and values recomputed in plain Python.

The independent computation shares no code with the package: csv and loops for the product, loops
over members, regions and months for inversions and FLUXCOM, the planted numbers for the truth, and
scores from the standard library.
"""

import csv
import math
from collections import defaultdict
from pathlib import Path
from statistics import correlation, fmean

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.evaluation.tables.regions import nnse_table, regions_improved, table2, table3
from tests.evaluation.conftest import Evaluated

# Tables 2 and 3 of Upton et al., rows and columns in their order
NAMES = "USA CAN CAM NSA BRA SSA EU NAF EQAF SAF RUS CAS MIDE CHN KAJ SAS SEAS OCE"
ROWS = ["GLOBAL", *NAMES.split()]
MODELS = ["EC-ATM", "EC", "FLUXCOM"]
TABLE2 = ["monthly_R", "monthly_RMSE", "MSC_R", "MSC_RMSE"]
TABLE3 = ["annual_R", "annual_RMSE"]
ROUNDING = 6e-7  # of a table of six decimals
Series = dict[tuple[str, str], list[float]]  # by source and region, one number a month


def of_product(folder: Path) -> Series:
    """EC-ATM and EC [PgC month-1] from the regional table of the product."""
    series: Series = defaultdict(list)
    (path,) = folder.glob("*regional-monthly*.csv")
    with path.open() as file:
        for row in csv.DictReader(file):
            if row["model"] in MODELS:
                series[row["model"], row["region"]].append(float(row["nee_PgC_per_month"]))
    return series


def of_members(path: Path, source: str) -> Series:
    """Mean over the available members for each region and the globe [PgC month-1]."""
    with xr.open_dataset(path) as file:
        nee, rest, names = file.NEE.values, file.unassigned.values, file.region.values.tolist()
    nee, rest = nee.reshape(-1, *nee.shape[-2:]), rest.reshape(-1, rest.shape[-1])
    series: Series = defaultdict(list)
    for month in range(nee.shape[2]):
        for number, name in enumerate(names):
            values = [member[number, month] for member in nee]
            series[source, name].append(fmean(v for v in values if not math.isnan(v)))
        whole = [sum(member[:, month]) + more[month] for member, more in zip(nee, rest)]
        series[source, "GLOBAL"].append(fmean(v for v in whole if not math.isnan(v)))
    return series


def years(monthly: list[float]) -> list[float]:
    return [math.fsum(monthly[first : first + 12]) for first in range(0, len(monthly), 12)]


def cycle(monthly: list[float]) -> list[float]:
    return [fmean(monthly[month::12]) for month in range(12)]


def plain_score(name: str, estimate: list[float], reference: list[float]) -> float:
    """Value of a table cell by the name of its score."""
    period, measure = name.split("_")
    change = {"monthly": list, "MSC": cycle, "annual": years}[period]
    x, y = change(estimate), change(reference)
    if measure == "R":
        return correlation(x, y)
    return math.sqrt(fmean((a - b) ** 2 for a, b in zip(x, y, strict=True)))


@pytest.fixture(scope="module")
def series(evaluated: Evaluated) -> Series:
    folder, planted = evaluated.run.folder, evaluated.run.truth_total
    found = of_product(folder / "product")
    found |= of_members(folder / "inversions.nc", "inversions")
    found |= of_members(folder / "fluxcom.nc", "FLUXCOM")
    truth = {("truth", name): row.tolist() for name, row in zip(ROWS[1:], planted)}
    return found | truth | {("truth", "GLOBAL"): planted.sum(axis=0).tolist()}


def test_rows_and_columns_are_the_papers(evaluated: Evaluated):
    for name, scores in (("table2", TABLE2), ("table3", TABLE3)):
        table = evaluated.tables[name]
        assert table.region.tolist() == ROWS
        assert table.columns.tolist() == ["region", *(f"{s}_{m}" for s in scores for m in MODELS)]
        assert table.notna().all(axis=None)


def test_tables_against_the_truth_include_the_inversions(evaluated: Evaluated):
    for name, scores in (("table2_truth", TABLE2), ("table3_truth", TABLE3)):
        table = evaluated.tables[name]
        assert table.region.tolist() == ROWS
        models = [*MODELS, "inversions"]
        assert table.columns.tolist() == ["region", *(f"{s}_{m}" for s in scores for m in models)]
        assert table.notna().all(axis=None)


@pytest.mark.parametrize(
    ("region", "score", "model"),
    [
        ("GLOBAL", "monthly_R", "EC-ATM"),
        ("BRA", "monthly_RMSE", "EC"),
        ("EU", "MSC_R", "FLUXCOM"),
        ("SEAS", "MSC_RMSE", "EC-ATM"),
        ("GLOBAL", "annual_RMSE", "EC"),
        ("BRA", "annual_R", "EC-ATM"),
        ("OCE", "annual_RMSE", "FLUXCOM"),
    ],
)
@pytest.mark.parametrize("reference", ["inversions", "truth"])
def test_cells_by_an_independent_computation(
    evaluated: Evaluated, series, region, score, model, reference
):
    name = "table3" if score.startswith("annual") else "table2"
    name += "_truth" if reference == "truth" else ""
    cell = evaluated.tables[name].set_index("region").loc[region, f"{score}_{model}"]
    expected = plain_score(score, series[model, region], series[reference, region])
    assert cell == pytest.approx(expected, abs=ROUNDING)


def test_inversions_against_the_truth_by_an_independent_computation(evaluated: Evaluated, series):
    for name, score in (("table2_truth", "monthly_RMSE"), ("table3_truth", "annual_R")):
        row = evaluated.tables[name].set_index("region").loc["EQAF"]
        expected = plain_score(score, series["inversions", "EQAF"], series["truth", "EQAF"])
        assert row[f"{score}_inversions"] == pytest.approx(expected, abs=ROUNDING)


def test_nnse_by_an_independent_computation(evaluated: Evaluated, series):
    for name, reference in (("nnse", "inversions"), ("nnse_truth", "truth")):
        x, y = np.array(series["EC", "BRA"]), np.array(series[reference, "BRA"])
        expected = 1.0 / (1.0 + ((x - y) ** 2).sum() / ((y - y.mean()) ** 2).sum())
        row = evaluated.tables[name].set_index("region").loc["BRA"]
        assert row["EC"] == pytest.approx(expected, abs=6e-5)


def test_scores_of_two_years_by_hand():
    """FLUXCOM is 1 above the inversions in the first year and 1 below them in the second.

    Its seasonal cycle equals theirs, its monthly error is 1 and its annual error 12. The inversions
    run from 1 to 12 and EC is half of them; their squares sum to 650, so its error is
    sqrt(650 / 12) / 2. EC-ATM equals the inversions.
    """
    months = pd.date_range("2001-01-01", periods=24, freq="MS")
    inversions = np.tile(np.arange(1.0, 13.0), 2)
    above = np.repeat([1.0, -1.0], 12)
    values = {"inversions": inversions, "EC-ATM": inversions, "EC": inversions / 2}
    values["FLUXCOM"] = inversions + above
    monthly = xr.DataArray(
        np.array(list(values.values()))[:, None],
        coords={"source": list(values), "region": ["GLOBAL"], "time": months},
        dims=("source", "region", "time"),
    )
    row = table2(monthly).iloc[0]
    assert row[["monthly_RMSE_EC-ATM", "MSC_RMSE_EC-ATM"]].tolist() == [0.0, 0.0]
    assert row.monthly_RMSE_FLUXCOM == 1.0
    assert row.MSC_RMSE_FLUXCOM == 0.0
    assert row.monthly_RMSE_EC == row.MSC_RMSE_EC == round(math.sqrt(650 / 12) / 2, 6)
    assert row[["monthly_R_EC", "MSC_R_EC", "MSC_R_FLUXCOM"]].tolist() == [1.0, 1.0, 1.0]
    # variance of 1 to 12 is 143 / 12, with the shifts 143 / 12 + 1
    assert row.monthly_R_FLUXCOM == round(math.sqrt(143 / 155), 6)
    yearly = table3(monthly).iloc[0]
    assert yearly[["annual_RMSE_EC", "annual_RMSE_FLUXCOM"]].tolist() == [39.0, 12.0]
    assert np.isnan(yearly["annual_R_EC"])  # both years are the same
    # sum of squared errors 24 over a sum of squares of 2 x 143
    assert nnse_table(monthly).FLUXCOM[0] == round(1 / (1 + 24 / 286), 4)


def test_the_globe_is_no_region_that_improved():
    table = pd.DataFrame(
        {"region": ["GLOBAL", "USA", "CAN"], "EC-ATM": [0.9, 0.8, 0.5], "EC": [0.1, 0.7, 0.5]}
    )
    assert regions_improved(table) == 1
