"""The store of the drivers: written by shards of cells, each by one worker as a whole.

Several writers inside one shard would corrupt it without an error, so a block of cells is refused
unless it is exactly a shard.
"""

from pathlib import Path

import dask.array
import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.variables import VARIABLES
from fluxprod.writers.interim import described, packing

CHUNK = 256  # cells that are read at once, by training and the forward run
SHARD = 4 * CHUNK  # cells of a file: 66 files a driver at 0.5 degree; 13 MB a daily one


def create_driver_store(path: Path, cells: xr.Dataset, drivers: dict[str, tuple]) -> None:
    """Write a store without values of the drivers.

    Parameters
    ----------
    path : Path
    cells : Dataset
        Coordinates ``cell``, ``time``, ``calendar_day`` and what is known of cells, written whole.
    drivers : dict of str to tuple of str
        Dimensions of each driver, ``cell`` first.
    """
    shapes = {name: tuple(cells.sizes[dim] for dim in dims) for name, dims in drivers.items()}
    empty = {
        name: (dims, dask.array.empty(shapes[name], chunks=(SHARD, *shapes[name][1:])))
        for name, dims in drivers.items()
    }
    store = described(cells.assign(empty))
    encoding = {
        name: packing(name, np.empty(0))
        | {"chunks": (CHUNK, *shape[1:]), "shards": (SHARD, *shape[1:])}
        for name, shape in shapes.items()
    }
    store.to_zarr(path, compute=False, encoding=encoding, zarr_format=3, consolidated=False)


def shards(n_cells: int) -> list[slice]:
    """Cells of each shard."""
    return [slice(start, min(start + SHARD, n_cells)) for start in range(0, n_cells, SHARD)]


def write_driver_shard(path: Path, cells: slice, drivers: xr.Dataset) -> None:
    """Fill the cells of one shard.

    Parameters
    ----------
    path : Path
        Of `create_driver_store`.
    cells : slice
        One of `shards`.
    drivers : Dataset
        All drivers of these cells, ``cell`` first.

    Raises
    ------
    DataError
        If a driver lies outside its physical range.
    """
    with xr.open_zarr(path, consolidated=False, chunks=None) as store:
        assert cells in shards(store.sizes["cell"]), f"{cells} is not one shard"
    assert drivers.sizes["cell"] == cells.stop - cells.start, "a shard is written whole"
    for name in drivers.data_vars:
        try:
            packing(str(name), drivers[name].values)
        except ValueError as error:
            low, high = VARIABLES[str(name)].valid
            raise DataError(path, str(name), error, f"{low:g} to {high:g}") from error
    block = drivers.drop_vars(list(drivers.coords))
    block.to_zarr(path, region={"cell": cells}, zarr_format=3, consolidated=False)
