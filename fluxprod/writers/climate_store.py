"""The store of daily climate: each shard holds a block of days of all cells.

A writer fills whole shards only, so that parallel writers never touch the same file. Shards are
divided into chunks of cells, so that a block of cells can be read without the others.
"""

from pathlib import Path

import dask.array
import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.writers.interim import create_store, packing

CELLS = 256  # per chunk
DAYS = 366  # per chunk and per shard
DIMS = ("cell", "time")


def create_climate_store(
    path: Path, names: tuple[str, ...], cell: np.ndarray, time: pd.DatetimeIndex
) -> None:
    """Create the store without values.

    Parameters
    ----------
    path : Path
        Store to create; an existing one is replaced.
    names : tuple of str
        Variables of the vocabulary, packed with their rounding steps.
    cell : ndarray, shape (cell,)
        Flat index of each land cell.
    time : DatetimeIndex
        Days of the store.
    """
    empty = dask.array.empty((len(cell), len(time)), chunks=(len(cell), DAYS), dtype=np.float32)
    store = xr.Dataset({name: (DIMS, empty) for name in names}, {"cell": cell, "time": time})
    shards = (-(-len(cell) // CELLS) * CELLS, DAYS)
    encoding = {
        name: packing(name, np.empty(0)) | {"chunks": (CELLS, DAYS), "shards": shards}
        for name in names
    }
    create_store(store, path, encoding, compute=False)


def day_blocks(n_days: int) -> list[slice]:
    """Positions of the days in each shard."""
    return [slice(start, min(start + DAYS, n_days)) for start in range(0, n_days, DAYS)]


def write_climate_block(path: Path, name: str, start: int, values: np.ndarray) -> None:
    """Fill one shard.

    Parameters
    ----------
    path : Path
        Store made by `create_climate_store`.
    name : str
        Variable of the vocabulary.
    start : int
        Position of the first day, a multiple of ``DAYS``.
    values : ndarray, shape (cell, time)
        Values of all cells on all days of the shard, in the unit of the vocabulary.

    Raises
    ------
    ValueError
        If a value lies outside the valid range of the variable.
    """
    with xr.open_zarr(path, consolidated=False, chunks=None) as store:
        shape = store[name].shape
    stop = min(start + DAYS, shape[1])
    assert start % DAYS == 0, "a block must start where a shard starts"
    assert values.shape == (shape[0], stop - start), "a block must be a whole shard"
    packing(name, values)  # raises an error for values that would overflow
    block = xr.Dataset({name: (DIMS, values)})
    block.to_zarr(path, region={"time": slice(start, stop)}, zarr_format=3, consolidated=False)
