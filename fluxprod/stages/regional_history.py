"""What the bridge and the inversions say of EC in the course of its training, as in Fig. 1.

EC-ATM's own history has these columns: the regions take part in its training. EC must not depend
on the bridge, so its networks are looked at afterwards.
"""

from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.progress import track

from fluxprod.core.errors import DataError
from fluxprod.core.variables import drivers_in
from fluxprod.networks.constraint.from_inversions import constraint
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.model.threads import limited_threads
from fluxprod.networks.training.snapshots import judged_trail
from fluxprod.params import Compute, Train, World
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
    params: Train,
    compute: Compute,
) -> None:
    networks, device = read_interim(trail), chosen_device(compute.device)
    store = open_interim(drivers)
    found, names = networks.driver.values.tolist(), drivers_in(store)
    if found != names:
        raise DataError(trail, "driver", found, names, "train again")
    source = constraint(read_interim(bridge), read_interim(inversions), store, world, params)
    if source is None:
        raise DataError(
            bridge, "contribution", "none", "a bridge with cells", "run dvc repro bridge"
        )
    with limited_threads(compute.threads):
        term = source.on_device(device)
        states = networks.sizes["member"] * networks.sizes["step"]
        console = Console(stderr=True)
        rows = track(
            judged_trail(networks, term, device), "regions of EC", states,
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        table = pd.DataFrame(list(rows))
    write_table(table.map(lambda value: f"{value:.6g}"), history)


if __name__ == "__main__":
    run(main)
