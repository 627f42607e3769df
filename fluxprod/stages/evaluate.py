"""Evaluate both models against inversions, towers, budget and truth: tables, metrics, figures."""

from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.constants import TRUTH_FILE
from fluxprod.core.errors import DataError
from fluxprod.core.json_file import write_json
from fluxprod.core.time_axis import monthly_axis
from fluxprod.core.world import World
from fluxprod.evaluation import captions
from fluxprod.evaluation.figures.all_figures import FIGURES
from fluxprod.evaluation.run.inputs import Inputs
from fluxprod.evaluation.run.sources import EC, EC_ATM
from fluxprod.evaluation.settings import EvaluationSettings
from fluxprod.evaluation.tables.all_tables import run_tables
from fluxprod.evaluation.tables.coverage import Inflation
from fluxprod.evaluation.tables.figure_tables import figure_tables
from fluxprod.evaluation.tables.metrics import metrics as run_metrics
from fluxprod.evaluation.tables.paper_form import paper_form
from fluxprod.readers.budget import read_budget, read_land_sink_uncertainty
from fluxprod.readers.findings import read_findings
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.readers.product_file import read_monthly_product, read_regional_table
from fluxprod.stages._run import run
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.figure_file import write_figure
from fluxprod.writers.html_page import write_page

PAPER_TABLES = {
    "table2",
    "table3",
    "table2_truth",
    "table3_truth",
}  # also written in the form in which the paper prints them


def _on_months(dataset: xr.Dataset, path: Path, months: pd.DatetimeIndex) -> xr.Dataset:
    found = pd.DatetimeIndex(dataset.time.values)
    if not found.equals(months):
        period = f"{len(found)} steps, {found[0]:%F} to {found[-1]:%F}"
        expected = f"{len(months)} months, {months[0]:%F} to {months[-1]:%F}"
        raise DataError(path, "time", period, expected, "run dvc repro")
    return dataset


def _budget(path: Path, years: range) -> pd.Series:
    series = read_budget(path).nee.reindex(list(years))
    if series.isna().any():
        absent = list(series.index[series.isna()])
        raise DataError(
            path, "land sink", f"no value for {absent}", f"values for {years[0]} to {years[-1]}"
        )
    return series


def main(
    *,
    product: Path,
    geography: Path,
    inversions: Path,
    fluxcom: Path,
    bridge: Path,
    robustness: Path,
    sites: Path,
    ec_sites: Path,
    ec_atm_sites: Path,
    ec: Path,
    ec_atm: Path,
    budget: Path,
    findings: Path,
    truth: Path,
    tables: Path,
    metrics: Path,
    figures: Path,
    world: World,
    params: EvaluationSettings,
) -> None:
    months = monthly_axis(world.first_year, world.last_year)
    monthly = read_monthly_product(product)
    true_fluxes = truth / TRUTH_FILE
    inputs = Inputs(
        product=monthly.assign_coords(time=months),
        regional=read_regional_table(product),
        geography=read_interim(geography),
        inversions=_on_months(read_interim(inversions), inversions, months),
        fluxcom=_on_months(read_interim(fluxcom), fluxcom, months),
        bridge=read_interim(bridge),
        robustness=read_interim(robustness),
        sites=read_interim(sites),
        predictions={
            EC_ATM: read_interim(ec_atm_sites).NEE_hat,
            EC: read_interim(ec_sites).NEE_hat,
        },
        members={EC_ATM: open_interim(ec_atm).NEE_month, EC: open_interim(ec).NEE_month},
        budget=_budget(budget, world.years),
        budget_spread=read_land_sink_uncertainty(budget),
        truth=_on_months(read_interim(true_fluxes), true_fluxes, months)
        if true_fluxes.exists()
        else None,
    )
    results = {"plausibility": read_findings(findings)} | run_tables(
        inputs, Inflation(params.regional_inflation, params.cell_inflation)
    )
    with atomic_output(tables) as folder:
        for name, table in results.items():
            write_table(table, folder / f"{name}.csv")
        for name in PAPER_TABLES & results.keys():
            write_page(
                paper_form(name, results[name], captions.TABLES[name]), folder / f"{name}.html"
            )
    with atomic_output(figures) as folder:
        for name, data in figure_tables(inputs, results, params.example_regions).items():
            write_figure(FIGURES[name](data), data, folder / f"{name}.png")
    write_json(run_metrics(results), metrics)


if __name__ == "__main__":
    run(main)
