"""How far to trust the stated spread: calibrated on some synthetic Earths, reported on others.

Not a stage of the pipeline: it runs the steps of a study (`fluxprod.experiments.study`) for the
models as ``params.yaml`` has them, on the Earths of the block ``coverage``, and writes the page of
docs/coverage.md. What an earlier call or a study has made is used.
"""

from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.core.atomic_output import atomic_output
from fluxprod.evaluation.run.sources import EC, EC_ATM
from fluxprod.evaluation.run.totals import map_totals
from fluxprod.evaluation.study.coverage_page import coverage_page
from fluxprod.evaluation.study.earths_coverage import CELLS, TOTALS, Calibrated, calibrated
from fluxprod.evaluation.tables.coverage import cell_errors, total_errors
from fluxprod.experiments.study import TRUTH_FILE, Model, planned_models, run_models, study_page_of
from fluxprod.params import Compute
from fluxprod.params_beside import Coverage, Study
from fluxprod.params_file import read_params
from fluxprod.readers.interim import read_interim
from fluxprod.stages._run import run
from fluxprod.writers.csv_table import write_table


def main(*, out: Path, doc: Path, coverage: Coverage, compute: Compute) -> None:
    params = read_params() | {"source": "synthetic"}
    plan = plan_of(coverage)
    names = coverage.models
    models = [m for seed in plan.seeds for m in planned_models(plan, params, seed, names, out)]
    run_models(models, compute)
    errors = pd.concat([found for model in models for found in errors_of(model)])
    result = calibrated(errors, coverage.calibrate, coverage.report)
    write_tables(result, out / "coverage")
    text = coverage_page(result, study_page_of(plan, params, names).facts, coverage.note)
    with atomic_output(doc) as beside:
        beside.write_text(text, encoding="utf-8")


def plan_of(coverage: Coverage) -> Study:
    """The study of the models as they stand."""
    return Study(
        seeds=[*coverage.calibrate, *coverage.report],
        named=EC_ATM,
        note="",
        drivers={"default": {}},
        variants={EC_ATM: {}, EC: {}},
        unconstrained=[EC],
        only_under={},
    )


def errors_of(model: Model) -> list[pd.DataFrame]:
    """Errors of annual totals and of cells of one model on one Earth."""
    land = read_interim(model.steps["geography"].output("geography"))
    truth = read_interim(model.steps["synthesize"].output("truth") / TRUTH_FILE)
    ran = read_interim(model.steps["forward"].output("totals"))
    parts = {TOTALS: _totals(truth, ran, land), CELLS: _cells(truth, ran, land)}
    return [
        errors.assign(seed=model.seed, source=model.variant, target=target)
        for target, errors in parts.items()
    ]


def _totals(truth: xr.Dataset, ran: xr.Dataset, land: xr.Dataset) -> pd.DataFrame:
    area = truth.cell_area * truth.land_fraction
    return total_errors(map_totals(truth.NEE_month, area, land.region), ran.NEE)


def _cells(truth: xr.Dataset, ran: xr.Dataset, land: xr.Dataset) -> pd.DataFrame:
    mean, spreads = ran.NEE_year_mean.values, ran.NEE_year_spread.values
    return cell_errors(truth.NEE_month, mean, spreads, land)


def write_tables(result: Calibrated, folder: Path) -> None:
    """The tables of which the page is made."""
    for name, table in result._asdict().items():
        write_table(table, folder / f"{name}.csv")


if __name__ == "__main__":
    run(main)
