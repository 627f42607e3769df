"""One block of cells of the forward run, in whatever process it is made.

Not in the stage itself, whose functions would travel to Dask workers without their memory.
"""

import threading
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import xarray as xr

from fluxprod.networks.as_dataset import members_of
from fluxprod.networks.cell_drivers import cell_drivers
from fluxprod.networks.device import chosen_device
from fluxprod.networks.forward import forward_block
from fluxprod.networks.member import Member
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.variables import drivers_in
from fluxprod.writers.nee_store import CELLS, block_files, write_nee_block
from fluxprod.writers.unfinished import mark_whole

_ONE_THREAD = threading.Lock()


class Run(NamedTuple):
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


class Block(NamedTuple):
    """A run, and the first cell of a block."""

    run: Run
    start: int


class Inputs(NamedTuple):
    """Drivers, read when they are used, and the members that take them."""

    drivers: xr.Dataset
    members: list[Member]


def inputs(networks: Path, drivers: Path) -> Inputs:
    """Open what a run reads.

    Raises
    ------
    DataError
        If the networks take other drivers.
    """
    store = open_interim(drivers)
    names = drivers_in(store)
    return Inputs(store[names], members_of(read_interim(networks), names, networks))


@lru_cache(maxsize=2)
def _opened(run: Run) -> Inputs:
    return inputs(run.networks, run.drivers)


def _inputs_of(run: Run) -> Inputs:
    """Once a process, not once a block, and by one thread: two crash the NetCDF library."""
    with _ONE_THREAD:
        return _opened(run)


def make_block(block: Block) -> None:
    """Read, run, write and mark one block of cells."""
    run, start = block
    drivers, members = _inputs_of(run)
    part = drivers.isel(cell=slice(start, start + CELLS)).load()
    fluxes = forward_block(
        cell_drivers(part, drivers_in(part)),
        members,
        pd.DatetimeIndex(part.time.values),
        chunk=run.chunk,
        device=chosen_device(run.device),
    )
    write_nee_block(run.nee, start, *fluxes)
    mark_whole(run.nee, str(start), block_files(run.nee, start))
