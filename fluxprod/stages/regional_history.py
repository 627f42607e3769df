"""Compute the regional losses of EC over the course of its training, as in Fig. 1.

The history of EC-ATM contains these columns, because the regions constrain its training. EC must
not depend on the bridge, so its networks are evaluated after its training.
"""

from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.progress import track

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.world import World
from fluxprod.networks.constraint.bridge_source import regional_source
from fluxprod.networks.model.cell_drivers import without_other_drivers
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.model.networks_dataset import drivers_of
from fluxprod.networks.model.threads import limited_threads
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.snapshots import validated_snapshots
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._run import run
from fluxprod.writers.csv_table import write_table


def main(
    *,
    trail: Path,
    drivers: Path,
    bridge: Path,
    inversions: Path,
    history: Path,
    world: World,
    params: TrainingSettings,
    compute: ComputeSettings,
) -> None:
    networks, device = read_interim(trail), chosen_device(compute.device)
    store = open_interim(drivers)
    store = without_other_drivers(store, drivers_of(networks, store, trail))
    source = regional_source(
        read_interim(bridge), read_interim(inversions), store, years=world.years, settings=params
    )
    with limited_threads(compute.threads):
        term = source.on_device(device)
        states = networks.sizes["member"] * networks.sizes["step"]
        console = Console(stderr=True)
        rows = track(
            validated_snapshots(networks, term, device), "regional losses of EC", states,
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        table = pd.DataFrame(list(rows))
    write_table(table.map(lambda value: f"{value:.6g}"), history)


if __name__ == "__main__":
    run(main)
