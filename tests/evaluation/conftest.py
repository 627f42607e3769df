import json
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from fluxprod.evaluation.report.settings import ReportSettings
from fluxprod.evaluation.settings import EvaluationSettings
from fluxprod.stages import evaluate, report
from tests import fake_run
from tests.fake_product import make


class Evaluated(NamedTuple):
    """An evaluated fake run, with the values that were planted in it."""

    run: fake_run.FakeRun
    folder: Path
    tables: dict[str, pd.DataFrame]
    metrics: dict


def evaluate_run(run: fake_run.FakeRun, folder: Path, truth: Path) -> Evaluated:
    inputs = {name: run.folder / f"{name}.nc" for name in ("geography", "inversions", "fluxcom")}
    inputs |= {
        name: run.folder / f"{name}.nc" for name in ("bridge", "robustness", "sites", "ec_sites")
    }
    outputs = {"tables": folder / "tables", "figures": folder / "figures"}
    evaluate.main(
        **inputs,
        ec_atm_sites=run.folder / "ec_atm_sites.nc",
        ec=run.folder / "ec.zarr",
        ec_atm=run.folder / "ec_atm.zarr",
        product=run.folder / "product",
        budget=run.folder / "budget",
        findings=run.folder / "plausibility.csv",
        truth=truth,
        **outputs,
        metrics=folder / "metrics.json",
        world=fake_run.WORLD,
        params=EvaluationSettings(
            example_regions=["BRA", "EU"],
            regional_inflation={"EC-ATM": 2.0, "EC": 3.0},
            cell_inflation={"EC-ATM": 1.5, "EC": 2.5},
        ),
    )
    tables = {path.stem: pd.read_csv(path) for path in (folder / "tables").glob("*.csv")}
    return Evaluated(run, folder, tables, json.loads((folder / "metrics.json").read_text()))


@pytest.fixture(scope="session")
def run(tmp_path_factory) -> fake_run.FakeRun:
    made = fake_run.build(tmp_path_factory.mktemp("fake_run"))
    make(made, made.folder / "product")
    return made


@pytest.fixture(scope="session")
def evaluated(run) -> Evaluated:
    """The fake run, evaluated with its truth."""
    return evaluate_run(run, run.folder / "evaluation", run.folder / "truth")


def render(evaluated: Evaluated, path: Path, tables: Path) -> str:
    """Write the report of an evaluated run from its own tables or from others."""
    report.main(
        tables=tables,
        metrics=evaluated.folder / "metrics.json",
        figures=evaluated.folder / "figures",
        provenance=evaluated.run.folder / "provenance.json",
        report=path,
        plots_page=path.with_name("plots_page.html"),
        params=ReportSettings(title="A run & its <report>"),
    )
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def page(evaluated) -> str:
    """The report of the fake run."""
    return render(evaluated, evaluated.folder / "report.html", evaluated.folder / "tables")
