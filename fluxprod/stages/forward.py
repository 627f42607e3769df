"""Run the networks: daily NEE of all members at all land cells, in blocks of cells.

A run that was interrupted continues with the missing blocks.
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

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.code import package_digest
from fluxprod.compute.workers.tasks import map_tasks
from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import monthly_axis
from fluxprod.core.variables import drivers_in
from fluxprod.core.world import World
from fluxprod.networks.forward import forward_block
from fluxprod.networks.model.cell_drivers import stored_cell_drivers
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.model.fingerprint import fingerprint
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.networks_dataset import drivers_of, members_of
from fluxprod.networks.model.threads import limited_threads
from fluxprod.networks.settings import ForwardSettings
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

_READ_LOCK = threading.Lock()  # two threads reading at once crash the NetCDF library


def main(
    *,
    networks: Path,
    drivers: Path,
    nee: Path,
    world: World,
    params: ForwardSettings,
    compute: ComputeSettings,
) -> None:
    device = chosen_device(compute.device).type
    names = drivers_in(inputs(networks, drivers).drivers)  # raises before anything is written
    made_of = fingerprint(
        networks.read_bytes(),
        content_digest(files_of_drivers(drivers, names), drivers),
        (world, params, device, compute.threads),
        (package_digest(), *map(version, ("zarr", "numcodecs", "xarray"))),
    )
    with unfinished(nee, made_of) as place, limited_threads(compute.threads):
        starts = create_store(place, networks, drivers, world)
        reads = networks.absolute(), drivers.absolute()
        run_of_blocks = ForwardRun(*reads, place.absolute(), params.block, device, made_of)
        tasks = [CellBlock(run_of_blocks, start) for start in missing_blocks(place, starts)]
        if n_done := len(starts) - len(tasks):
            print(
                f"forward: resuming; {n_done} of {len(starts)} blocks are complete", file=sys.stderr
            )
        # in threads: torch, numba and zarr release the GIL, and the networks are compiled only once
        for _ in map_tasks(
            make_block, tasks, compute,
            description="forward", files=(*reads, place.absolute()), in_threads=True,
        ):  # fmt: skip
            pass
        # a Dask worker of an earlier run may still have been writing
        if changed := missing_blocks(place, starts):
            found = f"{len(changed)} blocks that changed after they were written"
            raise DataError(place, "cell", found, "none", "run again")


def files_of_drivers(drivers: Path, names: list[str]) -> list[Path]:
    """List what is in the store, except the values of drivers that the networks do not take."""
    with open_interim(drivers) as store:
        others = set(drivers_in(store)) - set(names)
    return [path for path in drivers.rglob("*") if path.relative_to(drivers).parts[0] not in others]


def create_store(place: Path, networks: Path, drivers: Path, world: World) -> range:
    """Create the empty store unless an intact one exists.

    Parameters
    ----------
    place : Path
        Where the store is written.
    networks, drivers : Path
        Inputs of the stage.
    world : World
        Grid and years of the run.

    Returns
    -------
    range
        First cell of each block.
    """
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
    """List the first cells of blocks that are absent or differ from what was written."""
    return [start for start in starts if not is_whole(place, str(start), block_files(place, start))]


class ForwardRun(NamedTuple):
    """What all blocks of a run share.

    Parameters
    ----------
    networks, drivers : Path
        Files of the members, and store of their inputs.
    nee : Path
        Store to fill.
    chunk : int
        Days of cells that are processed at once.
    device : str
        ``cpu`` or ``cuda``.
    made_of : str
        Fingerprint that distinguishes this run from others with the same paths.
    """

    networks: Path
    drivers: Path
    nee: Path
    chunk: int
    device: str
    made_of: str


class CellBlock(NamedTuple):
    """One block of a run, given by its first cell."""

    run: ForwardRun
    start: int


class ForwardInputs(NamedTuple):
    """The drivers of the networks, which are read only when used, and all members."""

    drivers: xr.Dataset
    members: list[Member]


def inputs(networks: Path, drivers: Path) -> ForwardInputs:
    """Open the inputs of a run.

    Raises
    ------
    DataError
        If the store lacks a driver of the networks.
    """
    store, trained = open_interim(drivers), read_interim(networks)
    names = drivers_of(trained, store, networks)
    return ForwardInputs(store[names], members_of(trained, names, networks))


@lru_cache(maxsize=2)
def _opened(run: ForwardRun) -> ForwardInputs:
    return inputs(run.networks, run.drivers)


def _inputs_of(run: ForwardRun) -> ForwardInputs:
    """Open the inputs once in each process, by one thread at a time."""
    with _READ_LOCK:
        return _opened(run)


def make_block(block: CellBlock) -> None:
    """Compute one block of cells, write it, and mark it as complete."""
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
