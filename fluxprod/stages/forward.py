"""Daily NEE of all members at all land cells, streamed in blocks of cells."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import torch
import xarray as xr
from rich.console import Console
from rich.progress import track

from fluxprod.networks.as_dataset import members_of
from fluxprod.networks.cell_drivers import cell_drivers
from fluxprod.networks.device import chosen_device
from fluxprod.networks.ensemble import limited_threads
from fluxprod.networks.forward import forward_block
from fluxprod.networks.member import Member
from fluxprod.params import Compute, Forward, World
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._run import run
from fluxprod.time_axis import monthly_axis
from fluxprod.variables import DRIVERS
from fluxprod.writers.nee_store import CELLS, create_nee_store, write_nee_block
from fluxprod.writers.whole_file import whole


def main(
    *,
    networks: Path,
    drivers: Path,
    nee: Path,
    world: World,
    params: Forward,
    compute: Compute,
) -> None:
    device, store = chosen_device(compute.device), open_interim(drivers)
    trained = read_interim(networks)
    members = members_of(trained, DRIVERS, networks)
    starts = range(0, store.sizes["cell"], CELLS)
    months = monthly_axis(world.first_year, world.last_year)
    with whole(nee) as beside, limited_threads(compute.threads):
        cells = store[["cell_lat", "cell_lon", "cell_region", "land_area"]].load()
        time = pd.DatetimeIndex(store.time.values)
        create_nee_store(beside, cells, time, months, trained.member.values.tolist())
        work = partial(_run_block, store, members, beside, params.block, device)
        with ThreadPoolExecutor(compute.processes) as pool:
            console = Console(stderr=True)
            blocks = track(pool.map(work, starts), "forward", len(starts), console=console,
                           disable=not console.is_terminal)  # fmt: skip
            for _ in blocks:
                pass


def _run_block(
    store: xr.Dataset,
    members: list[Member],
    nee: Path,
    chunk: int,
    device: torch.device,
    start: int,
) -> None:
    """Read, run and write one block of cells; the block's chunks are its own."""
    block = store[list(DRIVERS)].isel(cell=slice(start, start + CELLS)).load()
    fluxes = forward_block(
        cell_drivers(block, DRIVERS),
        members,
        pd.DatetimeIndex(store.time.values),
        chunk=chunk,
        device=device,
    )
    write_nee_block(nee, start, *fluxes)


if __name__ == "__main__":
    run(main)
