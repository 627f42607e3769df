"""Train one member per fold: EC without, EC-ATM with regions of inversions, Eqs. 3 to 11."""

from pathlib import Path

import pandas as pd
import xarray as xr

import fluxprod.networks
from fluxprod.compute.code import source_of
from fluxprod.core.atomic_output import exclusive
from fluxprod.core.errors import DataError
from fluxprod.core.variables import drivers_in
from fluxprod.networks.constraint.from_inversions import constraint
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.model.fingerprint import fingerprint
from fluxprod.networks.model.networks_dataset import networks_dataset
from fluxprod.networks.training.ensemble import Experiment, out_of_fold, train_ensemble
from fluxprod.networks.training.settings import Recipe
from fluxprod.networks.training.snapshots import trail_as_dataset
from fluxprod.params import Compute, Train, World
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._run import run
from fluxprod.writers.checkpoint_folder import CheckpointFolder
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.interim import write_interim


def main(
    *,
    sites: Path,
    drivers: Path,
    bridge: Path,
    inversions: Path,
    networks: Path,
    history: Path,
    predictions: Path,
    trail: Path,
    checkpoints: Path,
    world: World,
    params: Train,
    compute: Compute,
) -> None:
    device, store = chosen_device(compute.device), open_interim(drivers)
    names = drivers_in(store)
    records = records_with_drivers(sites, names)
    source = constraint(read_interim(bridge), read_interim(inversions), store, world, params)
    recipe = Recipe(
        width=params.width,
        depth=params.depth,
        learning_rate=params.learning_rate,
        final_learning_rate=params.final_learning_rate,
        variance_rate=params.variance_rate,
        variance_start=params.variance_start,
        batch=params.batch,
        steps=params.steps,
        validate_every=params.validate_every,
        seed=params.seed,
    )
    fold = records.fold.values[records.site_index.values]
    experiment = Experiment(records.x.values, records.NEE.values, fold, recipe, source)
    run_id = fingerprint(experiment, device.type, compute.threads, source_of(fluxprod.networks))
    kept = CheckpointFolder(checkpoints, run_id)
    with exclusive(checkpoints):  # two runs would train the same members
        members = train_ensemble(
            experiment,
            device=device,
            threads=compute.threads,
            processes=compute.processes,
            checkpoints=kept,
        )
        write_interim(networks_dataset(members, experiment.folds, names, params.seed), networks)
        write_interim(trail_as_dataset(members, experiment.folds, names), trail)
        rows = pd.DataFrame([row for member in members for row in member.history])
        write_table(rows.map(lambda value: f"{value:.6g}"), history)
        estimate = xr.Dataset({"NEE_hat": ("record", out_of_fold(members, experiment))})
        write_interim(estimate, predictions, rounding={"NEE_hat": 1e-4})
        kept.remove()


def records_with_drivers(sites: Path, drivers: list[str]) -> xr.Dataset:
    """Site-days with the drivers that the store of the cells holds.

    Raises
    ------
    DataError
        If they have other drivers, or the same in another order.
    """
    records = read_interim(sites)
    found = records.driver.values.tolist()
    if found != drivers:
        raise DataError(sites, "driver", found, f"{drivers}, as of cells", "run dvc repro")
    return records


if __name__ == "__main__":
    run(main)
