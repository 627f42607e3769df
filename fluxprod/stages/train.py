"""Train one member per fold: EC without, EC-ATM with regions of inversions, Eqs. 3 to 11."""

from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.networks.as_dataset import as_dataset
from fluxprod.networks.bridge_source import regional_source
from fluxprod.networks.device import chosen_device
from fluxprod.networks.ensemble import Experiment, out_of_fold, train_ensemble
from fluxprod.networks.fingerprint import fingerprint
from fluxprod.networks.recipe import Recipe
from fluxprod.params import Compute, Train, World
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._checkpoints import CheckpointFolder, networks_code
from fluxprod.stages._run import run
from fluxprod.variables import DRIVERS
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
    checkpoints: Path,
    world: World,
    params: Train,
    compute: Compute,
) -> None:
    device = chosen_device(compute.device)
    records = read_interim(sites).sel(driver=list(DRIVERS))
    source = regional_source(
        read_interim(bridge),
        read_interim(inversions),
        open_interim(drivers),
        years=world.years,
        n_held_out_years=params.n_held_out_years,
        day_stride=params.day_stride,
        norm=params.norm,
        seed=params.seed,
    )
    recipe = Recipe(
        width=params.width,
        depth=params.depth,
        learning_rate=params.learning_rate,
        batch=params.batch,
        steps=params.steps,
        validate_every=params.validate_every,
        seed=params.seed,
    )
    fold = records.fold.values[records.site_index.values]
    experiment = Experiment(records.x.values, records.NEE.values, fold, recipe, source)
    run_id = fingerprint(experiment, device.type, compute.threads, networks_code())
    kept = CheckpointFolder(checkpoints, run_id)
    members = train_ensemble(
        experiment,
        device=device,
        threads=compute.threads,
        processes=compute.processes,
        checkpoints=kept,
    )
    write_interim(as_dataset(members, experiment.folds, DRIVERS, params.seed), networks)
    rows = pd.DataFrame([row for member in members for row in member.history])
    write_table(rows.map(lambda value: f"{value:.6g}"), history)
    estimate = xr.Dataset({"NEE_hat": ("record", out_of_fold(members, experiment))})
    write_interim(estimate, predictions, rounding={"NEE_hat": 1e-4})
    kept.remove()


if __name__ == "__main__":
    run(main)
