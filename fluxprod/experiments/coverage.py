"""Calibrate the spread of the ensemble on some synthetic Earths, and test it on others.

This is not a stage of the pipeline. It runs the steps of a study (`fluxprod.experiments.study`) for
the models as set in ``params.yaml``, on the Earths of the block ``coverage``, and writes
docs/coverage.md. Results of earlier calls and of studies are reused.
"""

from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.constants import TRUTH_FILE
from fluxprod.evaluation.run.sources import EC, EC_ATM
from fluxprod.evaluation.run.totals import map_totals
from fluxprod.evaluation.study.coverage_page import coverage_page
from fluxprod.evaluation.study.earths_coverage import CELLS, TOTALS, Calibrated, calibrated
from fluxprod.evaluation.tables.coverage import cell_errors, total_errors
from fluxprod.experiments.settings import CoverageSettings, StudySettings
from fluxprod.experiments.study import Model, planned_models, run_models, study_page_of
from fluxprod.params import read_params
from fluxprod.readers.interim import read_interim
from fluxprod.stages._run import run
from fluxprod.writers.csv_table import write_table


def main(*, out: Path, doc: Path, coverage: CoverageSettings, compute: ComputeSettings) -> None:
    params = read_params() | {"source": "synthetic"}
    plan = plan_of(coverage)
    names = coverage.models
    models = [m for seed in plan.seeds for m in planned_models(plan, params, seed, names, out)]
    run_models(models, compute)
    errors = pd.concat([found for model in models for found in errors_of(model)])
    result = calibrated(errors, coverage.calibrate, coverage.report)
    write_tables(result, out / "coverage")
    text = coverage_page(result, study_page_of(plan, params, names).facts, coverage.note)
    with atomic_output(doc) as page:
        page.write_text(text, encoding="utf-8")


def plan_of(coverage: CoverageSettings) -> StudySettings:
    """Plan a study of both models with the settings of ``params.yaml``."""
    return StudySettings(
        seeds=[*coverage.calibrate, *coverage.report],
        named=EC_ATM,
        note="",
        drivers={"default": {}},
        variants={EC_ATM: {}, EC: {}},
        unconstrained=[EC],
        only_under={},
    )


def errors_of(model: Model) -> list[pd.DataFrame]:
    """Compute the errors of annual totals and of cells, for one model on one Earth."""
    land = read_interim(model.steps["geography"].output("geography"))
    truth = read_interim(model.steps["synthesize"].output("truth") / TRUTH_FILE)
    estimate = read_interim(model.steps["forward"].output("totals"))
    parts = {TOTALS: _totals(truth, estimate, land), CELLS: _cells(truth, estimate, land)}
    return [
        errors.assign(seed=model.seed, source=model.variant, target=target)
        for target, errors in parts.items()
    ]


def _totals(truth: xr.Dataset, estimate: xr.Dataset, land: xr.Dataset) -> pd.DataFrame:
    area = truth.cell_area * truth.land_fraction
    return total_errors(map_totals(truth.NEE_month, area, land.region), estimate.NEE)


def _cells(truth: xr.Dataset, estimate: xr.Dataset, land: xr.Dataset) -> pd.DataFrame:
    mean, spreads = estimate.NEE_year_mean.values, estimate.NEE_year_spread.values
    return cell_errors(truth.NEE_month, mean, spreads, land)


def write_tables(result: Calibrated, folder: Path) -> None:
    """Write the tables from which the page is made."""
    for name, table in result._asdict().items():
        write_table(table, folder / f"{name}.csv")


if __name__ == "__main__":
    run(main)
