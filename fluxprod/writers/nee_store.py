"""The store of a forward run: daily mean and spread of the members, and monthly means of each.

A shard holds a block of cells over all days and is filled by one writer as a whole: several writers
in one shard would corrupt it without an error. A chunk within a shard holds about a year, so that a
year can be read without the others.
"""

from pathlib import Path

import dask.array
import numpy as np
import pandas as pd
import xarray as xr
import zarr
from zarr.codecs import BloscCodec

from fluxprod.core.errors import DataError
from fluxprod.core.variables import VARIABLES
from fluxprod.writers.interim import create_store, packing

CELLS = 256  # per block, chunk and shard
DAYS = 366  # per chunk
# rounding steps; powers of two are exact in float32 [g m-2 d-1]
STEPS = {"NEE_mean": 2.0**-13, "NEE_spread": 2.0**-13, "NEE_month": 2.0**-16}
MEANING = {
    "NEE_mean": "mean of the members",
    "NEE_spread": "standard deviation over the members",
    "NEE_month": "monthly means",
}
DIMS = {name: ("cell", "time") for name in MEANING} | {"NEE_month": ("member", "cell", "month")}
# zarr calls Blosc with one thread per chunk; with several, the order of its bytes would vary
CODEC = BloscCodec(cname="zstd", clevel=3, shuffle="bitshuffle", typesize=4)


def create_nee_store(
    path: Path, cells: xr.Dataset, time: pd.DatetimeIndex, months: pd.DatetimeIndex, members: list
) -> None:
    """Create the store without values.

    Parameters
    ----------
    path : Path
        Store to create; an existing one is replaced.
    cells : Dataset
        Coordinate ``cell`` and properties of the cells, which are stored with the fluxes.
    time, months : DatetimeIndex
        Days, and the first day of each month.
    members : list
        Names of the members.
    """
    store = cells.assign_coords(time=time, month=months, member=members)
    size = {"cell": CELLS, "time": DAYS, "month": len(months), "member": len(members)}
    encoding = {}
    for name, dims in DIMS.items():
        shape = tuple(store.sizes[dim] for dim in dims)
        chunks = tuple(size[dim] for dim in dims)
        shards = tuple(_whole_chunks(n, dim, size[dim]) for n, dim in zip(shape, dims))
        attrs = {
            "units": VARIABLES["NEE"].units,
            "long_name": f"{VARIABLES['NEE'].long_name}: {MEANING[name]}",
        }
        store[name] = (dims, dask.array.empty(shape, chunks=shards, dtype=np.float32), attrs)
        encoding[name] = {"chunks": chunks, "shards": shards, "compressors": CODEC}
    create_store(store, path, encoding, compute=False)


def _whole_chunks(size: int, dim: str, chunk: int) -> int:
    """Length of a shard: one block of cells, or all of another dimension in whole chunks."""
    return chunk if dim == "cell" else -(-size // chunk) * chunk


def cell_blocks(n_cells: int) -> range:
    """Position of the first cell of each block."""
    return range(0, n_cells, CELLS)


def write_nee_block(
    path: Path, start: int, mean: np.ndarray, spread: np.ndarray, month: np.ndarray
) -> None:
    """Fill one block of cells.

    Parameters
    ----------
    path : Path
        Store made by `create_nee_store`.
    start : int
        Position of the first cell, one of `cell_blocks`.
    mean, spread : ndarray, shape (cell, time)
        Daily mean and standard deviation over the members [g m-2 d-1].
    month : ndarray, shape (member, cell, month)
        Monthly means of each member [g m-2 d-1].

    Raises
    ------
    DataError
        If a flux lies outside the valid range of NEE.
    """
    group = zarr.open_group(path, mode="r+")
    parts = []
    for name, values in zip(DIMS, (mean, spread, month), strict=True):
        array = group[name]
        assert isinstance(array, zarr.Array)
        at = _shard(array.shape, DIMS[name].index("cell"), start)
        assert values.shape == tuple(part.stop - part.start for part in at), "not a whole shard"
        parts.append((array, at, _rounded(path, name, values)))
    # zarr would read an existing, possibly damaged file to keep what lies beyond the edge
    for file in block_files(path, start):
        file.unlink(missing_ok=True)
    for array, at, values in parts:
        array[at] = values


def _shard(shape: tuple[int, ...], axis: int, start: int) -> tuple[slice, ...]:
    """Position in the array of the shard that starts at a cell."""
    assert start in cell_blocks(shape[axis]), "a block must start where a shard starts"
    at = [slice(0, size) for size in shape]
    at[axis] = slice(start, min(start + CELLS, shape[axis]))
    return tuple(at)


def _rounded(path: Path, name: str, values: np.ndarray) -> np.ndarray:
    try:
        packing("NEE", values)
    except ValueError as error:
        found = str(error).removeprefix("NEE: ")
        raise DataError(path, name, found, "physically possible fluxes", "train again") from error
    return (np.rint(values / STEPS[name]) * STEPS[name]).astype(np.float32)


def block_files(path: Path, start: int) -> list[Path]:
    """Files of the shards of the block that starts at a cell."""
    number = str(start // CELLS)
    return [
        path.joinpath(name, "c", *(number if dim == "cell" else "0" for dim in dims))
        for name, dims in DIMS.items()
    ]


def layout_files(path: Path) -> list[Path]:
    """All files except the shards, that is, those written by `create_nee_store`."""
    shards = [path / name / "c" for name in DIMS]
    return [
        file
        for file in path.rglob("*")
        if file.is_file() and not any(folder in file.parents for folder in shards)
    ]
