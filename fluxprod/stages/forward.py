"""Daily NEE of all members at all land cells, streamed in blocks of cells.

Interrupted, it goes on with the blocks that are missing.
"""

import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from fluxprod.errors import DataError
from fluxprod.networks.device import chosen_device
from fluxprod.networks.fingerprint import fingerprint
from fluxprod.networks.threads import limited_threads
from fluxprod.params import Compute, Forward, World
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._code import package_digest
from fluxprod.stages._forward_block import Block, Run, inputs, make_block
from fluxprod.stages._run import run
from fluxprod.stages._work import each
from fluxprod.time_axis import monthly_axis
from fluxprod.writers.nee_store import block_files, blocks, create_nee_store, layout_files
from fluxprod.writers.unfinished import content_digest, is_whole, mark_whole, unfinished


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
        of_all = Run(*reads, place.absolute(), params.block, device, made_of)
        tasks = [Block(of_all, start) for start in missing(place, starts)]
        if there := len(starts) - len(tasks):
            print(f"forward: goes on, {there} of {len(starts)} blocks are there", file=sys.stderr)
        # torch, numba and zarr free the interpreter, and the networks are compiled once
        for _ in each(
            make_block, tasks, compute,
            description="forward", files=(*reads, place.absolute()), in_threads=True,
        ):  # fmt: skip
            pass
        if changed := missing(place, starts):  # a Dask worker may outlive the run that it was of
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
        return blocks(store.sizes["cell"])


def missing(place: Path, starts: Iterable[int]) -> list[int]:
    """First cells of the blocks that are not there as they were made."""
    return [start for start in starts if not is_whole(place, str(start), block_files(place, start))]


if __name__ == "__main__":
    run(main)
