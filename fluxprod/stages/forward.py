"""Daily NEE of all members at all land cells, streamed in blocks of cells."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import xarray as xr
from rich.console import Console
from rich.progress import track

from fluxprod.networks.as_dataset import members_of
from fluxprod.networks.cell_drivers import CellDrivers, cell_drivers
from fluxprod.networks.device import chosen_device
from fluxprod.networks.forward import Fluxes, forward_block
from fluxprod.networks.threads import limited_threads
from fluxprod.params import Compute, Forward, World
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._run import run
from fluxprod.time_axis import monthly_axis
from fluxprod.variables import drivers_in
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
    trained, time = read_interim(networks), pd.DatetimeIndex(store.time.values)
    names = drivers_in(store)
    members = members_of(trained, names, networks)
    run_members = partial(
        forward_block, members=members, time=time, chunk=params.block, device=device
    )
    with whole(nee) as beside, limited_threads(compute.threads):
        cells = store[["cell_lat", "cell_lon", "cell_region", "land_area"]].load()
        months = monthly_axis(world.first_year, world.last_year)
        create_nee_store(beside, cells, time, months, trained.member.values.tolist())
        starts = range(0, store.sizes["cell"], CELLS)
        with ThreadPoolExecutor(compute.processes) as pool:  # torch and zarr free the interpreter
            blocks = pool.map(partial(_run_block, store[names], run_members, beside), starts)
            console = Console(stderr=True)
            quiet = not console.is_terminal
            for _ in track(blocks, "forward", len(starts), console=console, disable=quiet):
                pass


def _run_block(
    store: xr.Dataset, run_members: Callable[[CellDrivers], Fluxes], nee: Path, start: int
) -> None:
    """Read, run and write one block of cells; the block's chunks are its own."""
    block = store.isel(cell=slice(start, start + CELLS)).load()
    write_nee_block(nee, start, *run_members(cell_drivers(block, drivers_in(block))))


if __name__ == "__main__":
    run(main)
