"""Train one network per fold: EC on towers, EC-ATM also on regional inversions (Eqs. 3 to 11)."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

import fluxprod.networks
from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.code import package_sources
from fluxprod.core.atomic_output import exclusive
from fluxprod.core.errors import DataError
from fluxprod.core.variables import VPD_DRIVERS, driver_set, drivers_in
from fluxprod.core.world import World
from fluxprod.networks.constraint.bridge_source import regional_source
from fluxprod.networks.model.cell_drivers import without_other_drivers
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.model.fingerprint import fingerprint
from fluxprod.networks.model.networks_dataset import networks_dataset
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.ensemble import Experiment, out_of_fold, train_ensemble
from fluxprod.networks.training.snapshots import snapshots_dataset
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._run import run
from fluxprod.writers.checkpoint_folder import CheckpointFolder
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.interim import write_interim

REGIONAL, UNCONSTRAINED = "inversions", "none"  # the values of --constraint
NO_DEWPOINT = (
    "add 2m_dewpoint_temperature to the raw files of ERA5, or set train.drivers to table_a2"
)


def main(
    *,
    sites: Path,
    drivers: Path,
    bridge: Path,
    inversions: Path,
    constraint: str,
    networks: Path,
    history: Path,
    predictions: Path,
    trail: Path,
    checkpoints: Path,
    world: World,
    params: TrainingSettings,
    compute: ComputeSettings,
) -> None:
    if constraint not in (REGIONAL, UNCONSTRAINED):
        raise DataError("train", "--constraint", constraint, f"{REGIONAL} or {UNCONSTRAINED}")
    device, store = chosen_device(compute.device), open_interim(drivers)
    names = chosen_drivers(store, params.drivers, drivers)
    records = records_with_drivers(sites, drivers_in(store), names)
    store = without_other_drivers(store, names)
    source = None
    if constraint == REGIONAL:
        cells = read_interim(bridge)
        source = regional_source(
            cells, read_interim(inversions), store, years=world.years, settings=params
        )
        if n_without := len(cells.cell) - source.n_contributions:
            print(f"train: left out {n_without} cells of the bridge that have no drivers")
    site = records.site_index.values
    fold = records.fold.values[site]
    experiment = Experiment(
        records.x.values, records.NEE.values, fold, params, source, tuple(names), site
    )
    run_id = fingerprint(
        experiment, device.type, compute.threads, package_sources(fluxprod.networks)
    )
    kept = CheckpointFolder(checkpoints, run_id)
    with exclusive(checkpoints):  # else two runs could train the same members
        members = train_ensemble(
            experiment,
            device=device,
            threads=compute.threads,
            processes=compute.processes,
            checkpoints=kept,
        )
        write_interim(networks_dataset(members, experiment.folds, names, params.seed), networks)
        write_interim(snapshots_dataset(members, experiment.folds, names), trail)
        rows = pd.DataFrame([row for member in members for row in member.history])
        write_table(rows.map(lambda value: f"{value:.6g}"), history)
        estimate = xr.Dataset({"NEE_hat": ("record", out_of_fold(members, experiment))})
        write_interim(estimate, predictions, rounding={"NEE_hat": 1e-4})
        kept.remove()


def chosen_drivers(store: xr.Dataset, chosen: str, source: Path) -> list[str]:
    """Names of the drivers of a set, in the order of the networks' inputs.

    Parameters
    ----------
    store : Dataset
        Driver store of the land cells.
    chosen : str
        Set, as in ``train.drivers``.
    source : Path
        Name of the store, for error messages.

    Raises
    ------
    DataError
        If the store lacks a driver of the set.
    """
    names = driver_set(chosen, store)
    absent = [name for name in names if name not in store]
    if absent:
        expected = f"the drivers of the set {chosen}"
        action = NO_DEWPOINT if set(absent) <= set(VPD_DRIVERS) else "run dvc repro"
        raise DataError(source, ", ".join(absent), "no such variable", expected, action)
    return names


def records_with_drivers(sites: Path, stored: list[str], names: list[str]) -> xr.Dataset:
    """Read some drivers of the site-days, whose file must hold the same drivers as the cells'.

    Parameters
    ----------
    sites : Path
        Records of the towers.
    stored : list of str
        All drivers of the cells, in their order.
    names : list of str
        Drivers to select.

    Returns
    -------
    Dataset
        Records, whose ``x`` (record, driver) has the named drivers.

    Raises
    ------
    DataError
        If they have other drivers, or the same ones in another order.
    """
    records = read_interim(sites)
    found = records.driver.values.tolist()
    if found != stored:
        raise DataError(sites, "driver", found, f"{stored}, as for cells", "run dvc repro")
    records = records.sel(driver=names)
    # rows stay together in memory, since means over records depend on it in their last bit
    return records.assign(x=(records.x.dims, np.ascontiguousarray(records.x.values)))


if __name__ == "__main__":
    run(main)
