"""Daily NEE of all members at all land cells, streamed in blocks of cells.

Interrupted, it goes on with the blocks that are missing.
"""

import sys
import threading
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import xarray as xr

from fluxprod.compute.code import package_digest
from fluxprod.compute.tasks import each
from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import monthly_axis
from fluxprod.core.variables import drivers_in
from fluxprod.networks.forward import forward_block
from fluxprod.networks.model.cell_drivers import stored_cell_drivers
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.model.fingerprint import fingerprint
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.networks_dataset import members_of
from fluxprod.networks.model.threads import limited_threads
from fluxprod.params import Compute, Forward, World
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._run import run
from fluxprod.writers.nee_store import (
    CELLS,
    block_files,
    cell_blocks,
    create_nee_store,
    layout_files,
    write_nee_block,
)
from fluxprod.writers.unfinished import content_digest, is_whole, mark_whole, unfinished

_ONE_THREAD = threading.Lock()  # of this process reads the networks: two crash the NetCDF library


def main(
    *,
    networks: Path,
    drivers: Path,
    nee: Path,
    world: World,
    params: Forward,
    compute: Compute,
) -> None:
    device = chosen_device(compute.device).type
    inputs(networks, drivers)  # refused before anything is written
    made_of = fingerprint(
        networks.read_bytes(),
        content_digest(drivers.rglob("*"), drivers),
        (world, params, device, compute.threads),
        (package_digest(), *map(version, ("zarr", "numcodecs", "xarray"))),
    )
    with unfinished(nee, made_of) as place, limited_threads(compute.threads):
        starts = lay_out(place, networks, drivers, world)
        reads = networks.absolute(), drivers.absolute()
        of_all = ForwardRun(*reads, place.absolute(), params.block, device, made_of)
        tasks = [CellBlock(of_all, start) for start in missing_blocks(place, starts)]
        if there := len(starts) - len(tasks):
            print(f"forward: goes on, {there} of {len(starts)} blocks are there", file=sys.stderr)
        # torch, numba and zarr free the interpreter, and the networks are compiled once
        for _ in each(
            make_block, tasks, compute,
            description="forward", files=(*reads, place.absolute()), in_threads=True,
        ):  # fmt: skip
            pass
        if changed := missing_blocks(
            place, starts
        ):  # a Dask worker may outlive the run that it was of
            found = f"{len(changed)} blocks that changed after they were made"
            raise DataError(place, "cell", found, "none", "run again")


def lay_out(place: Path, networks: Path, drivers: Path, world: World) -> range:
    """Create the store, unless it is there as it was created; first cells of its blocks."""
    if not is_whole(place, "layout", layout_files(place)):
        with open_interim(drivers) as store:
            cells = store[["cell_lat", "cell_lon", "cell_region", "land_area"]].load()
            time = pd.DatetimeIndex(store.time.values)
        months = monthly_axis(world.first_year, world.last_year)
        members = read_interim(networks).member.values.tolist()
        create_nee_store(place, cells, time, months, members)
        mark_whole(place, "layout", layout_files(place))
    with open_interim(place) as store:
        return cell_blocks(store.sizes["cell"])


def missing_blocks(place: Path, starts: Iterable[int]) -> list[int]:
    """First cells of the blocks that are not there as they were made."""
    return [start for start in starts if not is_whole(place, str(start), block_files(place, start))]


class ForwardRun(NamedTuple):
    """What all blocks share.

    Parameters
    ----------
    networks, drivers : Path
    nee : Path
        The store to fill.
    chunk : int
        Cell-days that are put together at once.
    device : str
    made_of : str
        Tells this run from others that had the same paths.
    """

    networks: Path
    drivers: Path
    nee: Path
    chunk: int
    device: str
    made_of: str


class CellBlock(NamedTuple):
    """A run, and the first cell of a block."""

    run: ForwardRun
    start: int


class ForwardInputs(NamedTuple):
    """Drivers, read when they are used, and the members that take them."""

    drivers: xr.Dataset
    members: list[Member]


def inputs(networks: Path, drivers: Path) -> ForwardInputs:
    """Open what a run reads.

    Raises
    ------
    DataError
        If the networks take other drivers.
    """
    store = open_interim(drivers)
    names = drivers_in(store)
    return ForwardInputs(store[names], members_of(read_interim(networks), names, networks))


@lru_cache(maxsize=2)
def _opened(run: ForwardRun) -> ForwardInputs:
    return inputs(run.networks, run.drivers)


def _inputs_of(run: ForwardRun) -> ForwardInputs:
    """Once a process, not once a block, and by one thread: two crash the NetCDF library."""
    with _ONE_THREAD:
        return _opened(run)


def make_block(block: CellBlock) -> None:
    """Read, run, write and mark one block of cells."""
    run, start = block
    drivers, members = _inputs_of(run)
    part = drivers.isel(cell=slice(start, start + CELLS)).load()
    fluxes = forward_block(
        stored_cell_drivers(part, drivers_in(part)),
        members,
        pd.DatetimeIndex(part.time.values),
        chunk=run.chunk,
        device=chosen_device(run.device),
    )
    write_nee_block(run.nee, start, *fluxes)
    mark_whole(run.nee, str(start), block_files(run.nee, start))


if __name__ == "__main__":
    run(main)
