"""Compare EC with a random forest and ridge regression on a table of real monthly towers.

This is not a stage of the pipeline. The table may be any in the format of docs/real-towers.md.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from rich.console import Console
from rich.progress import track
from rich.table import Table

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.drivers.monthly_towers import monthly_tower_records
from fluxprod.drivers.settings import DriverSettings
from fluxprod.evaluation.study.baselines import forests, nested_regressions, ridges
from fluxprod.evaluation.study.real_towers import (
    EC_NESTED,
    EC_PAPER,
    FOREST,
    MEANING,
    RIDGE,
    choice_table,
    gathered_predictions,
    prediction_table,
    score_table,
)
from fluxprod.evaluation.tables.site_scores import OVERALL
from fluxprod.experiments.settings import RealTowersSettings
from fluxprod.networks.inner_folds.nested import Search, nested_networks
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.ensemble import Experiment, out_of_fold, train_ensemble
from fluxprod.readers.towers.monthly import read_towers_monthly
from fluxprod.stages._run import run
from fluxprod.towers.folds import folds_by_site
from fluxprod.towers.nested_folds import nested_folds
from fluxprod.towers.settings import TowerSettings
from fluxprod.writers.csv_table import write_table


def main(
    *,
    towers: Path,
    out: Path,
    drivers: DriverSettings,
    split: TowerSettings,
    train: TrainingSettings,
    params: RealTowersSettings,
    compute: ComputeSettings,
) -> None:
    table = read_towers_monthly(towers)
    records = monthly_tower_records(table, drivers)
    fold, inner = _folds(towers, records, split, params.n_inner_folds)
    n_records = f"{records.sizes['record']} of {len(table)} site-months have NEE and all drivers"
    print(f"{n_records}, {len(fold)} sites, {len(inner)} folds", flush=True)
    x, y = records.x.values, records.NEE.values
    estimates = {EC_PAPER: _as_in_the_paper(x, y, inner, train, params, compute)}
    chosen = {}
    for name, parts in _nested(x, y, inner, train, params, compute).items():
        shown = track(parts, description=name, total=len(inner))
        estimates[name], chosen[name] = gathered_predictions(shown, inner)
    scores = score_table(records, estimates)
    write_table(scores, out / "scores.csv")
    write_table(choice_table(chosen), out / "choices.csv")
    write_table(prediction_table(records, fold, estimates), out / "predictions.csv")
    _show(scores)


def _folds(
    towers: Path, records: xr.Dataset, split: TowerSettings, n_inner: int
) -> tuple[np.ndarray, np.ndarray]:
    """Assign each site to a fold, and each record to an inner fold for every scored fold."""
    where = (records.lat.values, records.lon.values)
    igbp, near = records.igbp.values, split.neighbour_distance
    try:
        fold = folds_by_site(*where, split.n_folds, neighbour_distance=near, igbp=igbp)
        inner = nested_folds(*where, igbp, fold, n_inner, neighbour_distance=near)
    except ValueError as error:
        raise DataError(
            towers, "site", error, "more sites", "lower towers.n_folds or real_towers.n_inner_folds"
        ) from error
    return fold, inner[:, records.site_index.values]


def _network(train: TrainingSettings, params: RealTowersSettings) -> TrainingSettings:
    """Adapt the settings: at a constant learning rate, inner folds choose the number of steps."""
    return train.changed(
        final_learning_rate=None,
        variance_rate=None,
        batch=params.batch,
        steps=params.steps,
        validate_every=params.validate_every,
        seed=params.seed,
    )


def _as_in_the_paper(
    x: np.ndarray,
    y: np.ndarray,
    inner: np.ndarray,
    train: TrainingSettings,
    params: RealTowersSettings,
    compute: ComputeSettings,
) -> np.ndarray:
    """Estimate NEE by EC as in the paper, where the scored sites choose the best step."""
    settings = _network(train, params).changed(
        batch=train.batch,
        steps=params.paper_steps,
        validate_every=params.paper_validate_every,
    )
    experiment = Experiment(x, y, (inner < 0).argmax(axis=0), settings)
    members = train_ensemble(
        experiment,
        device=chosen_device(compute.device),
        threads=compute.threads,
        processes=compute.processes,
    )
    return out_of_fold(members, experiment)


def _nested(
    x: np.ndarray,
    y: np.ndarray,
    inner: np.ndarray,
    train: TrainingSettings,
    params: RealTowersSettings,
    compute: ComputeSettings,
) -> dict[str, Iterator]:
    """Prepare the estimates and choices of each scored fold, by model."""
    candidates = [(decay, noise) for decay, noise in params.regularisation]
    search = Search(_network(train, params), candidates, params.n_noisy_copies, params.n_members)
    workers = {"threads": compute.threads, "processes": compute.processes}
    of_forest = forests(
        params.leaf_sizes, n_trees=params.n_trees, seed=params.seed, processes=compute.processes
    )
    return {
        EC_NESTED: nested_networks(x, y, inner, search, **workers),
        FOREST: nested_regressions(x, y, inner, of_forest),
        RIDGE: nested_regressions(x, y, inner, ridges(params.alphas)),
    }


def _show(scores: pd.DataFrame) -> None:
    table = Table(title="NEE at sites that no model trained on")
    for name in scores.columns:
        table.add_column(name, justify="left" if name in ("model", "igbp") else "right")
    for row in scores.itertuples(index=False):
        if row.igbp == OVERALL:
            table.add_section()
        table.add_row(
            *(f"{value:.3f}" if isinstance(value, float) else str(value) for value in row)
        )
    console = Console()
    console.print(table)
    for model, meaning in MEANING.items():
        console.print(f"{model}: {meaning}", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    run(main)
