"""The store of daily climate: blocks of days of all cells, each a shard of its own.

A writer fills whole shards only, so several of them never touch the same file; within a shard,
chunks of cells, so that a block of cells is read without the others.
"""

from pathlib import Path

import dask.array
import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.writers.interim import described, packing

CELLS = 256  # of a chunk
DAYS = 366  # of a chunk and of a shard
DIMS = ("cell", "time")


def create_climate_store(
    path: Path, names: tuple[str, ...], cell: np.ndarray, time: pd.DatetimeIndex
) -> None:
    """Write a store without values.

    Parameters
    ----------
    path : Path
    names : tuple of str
        Variables of the vocabulary, packed at their steps.
    cell : ndarray, shape (cell,)
        Flat index of each land cell.
    time : DatetimeIndex
        Days.
    """
    empty = dask.array.empty((len(cell), len(time)), chunks=(len(cell), DAYS), dtype=np.float32)
    store = xr.Dataset({name: (DIMS, empty) for name in names}, {"cell": cell, "time": time})
    shards = (-(-len(cell) // CELLS) * CELLS, DAYS)
    encoding = {
        name: packing(name, np.empty(0)) | {"chunks": (CELLS, DAYS), "shards": shards}
        for name in names
    }
    described(store).to_zarr(
        path, mode="w", compute=False, encoding=encoding, zarr_format=3, consolidated=False
    )


def day_blocks(n_days: int) -> list[slice]:
    """Days of each shard."""
    return [slice(start, min(start + DAYS, n_days)) for start in range(0, n_days, DAYS)]


def write_climate_block(path: Path, name: str, start: int, values: np.ndarray) -> None:
    """Fill one shard.

    Parameters
    ----------
    path : Path
        Of `create_climate_store`.
    name : str
        Variable.
    start : int
        First day, a multiple of ``DAYS``.
    values : ndarray, shape (cell, time)
        All cells, all days of the shard.
    """
    with xr.open_zarr(path, consolidated=False, chunks=None) as store:
        shape = store[name].shape
    stop = min(start + DAYS, shape[1])
    assert start % DAYS == 0, "a block must begin where a shard begins"
    assert values.shape == (shape[0], stop - start), "a block must be a whole shard"
    packing(name, values)  # raises for values that would wrap around
    block = xr.Dataset({name: (DIMS, values)})
    block.to_zarr(path, region={"time": slice(start, stop)}, zarr_format=3, consolidated=False)
