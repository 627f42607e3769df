"""Calibration on two made-up Earths, all of whose steps exist, so that none is run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.experiments import coverage
from fluxprod.experiments.settings import CoverageSettings
from fluxprod.experiments.study import planned_models
from fluxprod.params import block, read_params

LOCAL = ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1)
MODELS = ["EC-ATM", "EC"]
PLAN = CoverageSettings(calibrate=[41], report=[42], models=MODELS, note="A test.")
MONTHS = pd.date_range("2001-01-01", "2001-12-01", freq="MS")
AREA = 1e12  # m2, area of each of 18 cells, so that 1 g m-2 d-1 is 1e-3 PgC d-1
# in units of the spread; of 18 errors, the 13th is the quantile of 68.27 %
ERRORS = {41: np.arange(1.0, 19.0), 42: np.append(np.full(9, 12.9), np.full(9, 13.1))}


def write(dataset: xr.Dataset, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.to_netcdf(path)


def of_cells(values):
    """Make a map of one row, in which each cell is a region."""
    return xr.DataArray(values.reshape(-1, 1, 18), dims=("time", "lat", "lon"))


def write_earth(model) -> None:
    """Write an Earth: members of 1 and 3 PgC yr-1 in each region, and a truth with known errors."""
    spread = np.sqrt(2.0)
    truth = (2.0 + ERRORS[model.seed] * spread) / 365 / 1e-3  # g m-2 d-1
    monthly = of_cells(np.tile(truth, (12, 1))).assign_coords(time=MONTHS)
    ones = xr.DataArray(np.ones((1, 18)), dims=("lat", "lon"))
    number = np.arange(18)
    land = {
        "region": (("lat", "lon"), number[None]),
        "cell_region": ("cell", number),
        "land_area": ("cell", np.full(18, AREA)),
    }
    members = np.array([1.0, 3.0])[:, None, None] * MONTHS.days_in_month.values / 365
    regional = np.repeat(members, 18, axis=1)
    globe = regional.sum(axis=1, keepdims=True)
    totals = {
        "NEE": (("member", "region", "time"), np.concatenate([globe, regional], axis=1)),
        "NEE_year_mean": (("cell", "year"), np.full((18, 1), 2000.0)),
        "NEE_year_spread": (("cell", "year"), np.full((18, 1), 2000.0 * spread)),
    }
    region = {"region": ["GLOBAL", *ABBREVIATIONS], "time": MONTHS}
    at = {name: step.output for name, step in model.steps.items()}
    write(xr.Dataset(land, {"cell": number}), at["geography"]("geography"))
    write(
        xr.Dataset({"NEE_month": monthly, "cell_area": AREA * ones, "land_fraction": ones}),
        at["synthesize"]("truth") / "truth.nc",
    )
    write(xr.Dataset(totals, region), at["forward"]("totals"))


@pytest.fixture
def made(tmp_path):
    plan, params = coverage.plan_of(PLAN), read_params() | {"source": "synthetic"}
    for seed in plan.seeds:
        for model in planned_models(plan, params, seed, MODELS, tmp_path):
            for step in model.steps.values():
                step.folder.mkdir(parents=True, exist_ok=True)
            write_earth(model)
    coverage.main(out=tmp_path, doc=tmp_path / "page.md", coverage=PLAN, compute=LOCAL)
    return tmp_path


def table(folder: Path, name: str, *index: str) -> pd.DataFrame:
    return pd.read_csv(folder / "coverage" / f"{name}.csv").set_index(list(index)).sort_index()


def test_factors(made):
    factors = table(made, "factors", "source", "target")
    assert factors.factor["EC-ATM", "totals"] == pytest.approx(13.0, abs=1e-3)
    # the spread of a cell is twice that of its region, and its error is the same
    assert factors.factor["EC", "cells"] == pytest.approx(6.5, abs=1e-3)
    assert factors.bias_share["EC-ATM", "totals"] == 1.0  # there is only one year


def test_what_they_are_worth(made):
    earths = table(made, "earths", "source", "target", "use", "seed", "region")
    own = earths.inflated_68["EC-ATM", "totals"]
    assert own["calibrate", "41", "ALL"] == pytest.approx(13 / 18, abs=1e-4)
    assert own["report", "42", "ALL"] == 0.5
    assert earths.raw_68["EC-ATM", "totals", "report", "all", "ALL"] == 0.0
    regions = table(made, "regions", "source", "target", "region")
    assert regions.inflated_68["EC", "totals"][["USA", "OCE"]].tolist() == [1.0, 0.0]


def test_the_page(made):
    page = (made / "page.md").read_text()
    assert "**not met, 50.0%** (0.0% as stated)" in page
    assert "Seeds for calibration: 41. Seeds for evaluation: 42.\nGrid: 2 degrees." in page


DIFFERENT = "which must all be different"
NOT_EMPTY = r"found \[\], expected a list"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"report": [2, 1]}, DIFFERENT),
        ({"report": []}, NOT_EMPTY),
        ({"calibrate": []}, NOT_EMPTY),
        ({"calibrate": [1, 1]}, DIFFERENT),
        ({"models": ["EC"]}, r"models \['EC'\], which must be EC-ATM"),
        ({"models": ["EC-ATM", "lasso"]}, "must be EC-ATM, or EC-ATM and EC"),
    ],
)
def test_an_impossible_plan_is_named(changes, found):
    plan = {"calibrate": [1], "report": [2], "models": ["EC-ATM"], "note": ""} | changes
    with pytest.raises(DataError, match=found):
        block({"coverage": plan}, CoverageSettings)
