"""The store of the drivers: each shard holds a block of cells and is written by one worker.

Several writers in one shard would corrupt it without an error, so a block of cells is accepted only
if it is exactly one shard.
"""

from pathlib import Path

import dask.array
import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.writers.interim import create_store, packing

CHUNK = 256  # cells that training and the forward run read at once
SHARD = 4 * CHUNK  # cells per file: 66 files per driver at 0.5 degree, 13 MB each if daily


def create_driver_store(path: Path, cells: xr.Dataset, drivers: dict[str, tuple]) -> None:
    """Create the store without values of the drivers.

    Parameters
    ----------
    path : Path
        Store to create.
    cells : Dataset
        Coordinates ``cell``, ``time`` and ``calendar_day``, and properties of the cells; all of
        these are written.
    drivers : dict of tuple of str
        Dimensions of each driver, ``cell`` first.
    """
    shapes = {name: tuple(cells.sizes[dim] for dim in dims) for name, dims in drivers.items()}
    empty = {
        name: (dims, dask.array.empty(shapes[name], chunks=(SHARD, *shapes[name][1:])))
        for name, dims in drivers.items()
    }
    encoding = {
        name: packing(name, np.empty(0))
        | {"chunks": (CHUNK, *shape[1:]), "shards": (SHARD, *shape[1:])}
        for name, shape in shapes.items()
    }
    create_store(cells.assign(empty), path, encoding, compute=False)


def shards(n_cells: int) -> list[slice]:
    """Positions of the cells in each shard."""
    return [slice(start, min(start + SHARD, n_cells)) for start in range(0, n_cells, SHARD)]


def as_stored(name: str, values: np.ndarray) -> np.ndarray:
    """Round a driver to the values that the store can hold, in half the memory.

    Parameters
    ----------
    name : str
        Driver.
    values : ndarray of float64
        Values in the unit of the driver.

    Returns
    -------
    ndarray of float32
        Values that are packed as the same integers as ``values``: single precision alone could
        move a value across the middle between two steps.
    """
    encoding = packing(name, np.empty(0))
    step, offset = encoding["scale_factor"], encoding["add_offset"]
    stored: np.ndarray = (np.around((values - offset) / step) * step + offset).astype(np.float32)
    return stored


def write_driver_shard(path: Path, cells: slice, drivers: xr.Dataset) -> None:
    """Fill one shard.

    Parameters
    ----------
    path : Path
        Store made by `create_driver_store`.
    cells : slice
        One of the slices returned by `shards`.
    drivers : Dataset, dims (cell, ...)
        All drivers of these cells.

    Raises
    ------
    DataError
        If a value lies outside the physical range of its driver.
    """
    with xr.open_zarr(path, consolidated=False, chunks=None) as store:
        assert cells in shards(store.sizes["cell"]), f"{cells} is not exactly one shard"
    assert drivers.sizes["cell"] == cells.stop - cells.start, "a shard must be written as a whole"
    for name in drivers.data_vars:
        try:
            packing(str(name), drivers[name].values)
        except ValueError as error:
            found = str(error).removeprefix(f"{name}: ")
            raise DataError(path, str(name), found, "physically possible values") from error
    block = drivers.drop_vars(list(drivers.coords))
    block.to_zarr(path, region={"cell": cells}, zarr_format=3, consolidated=False)
