"""The vegetation store: time series of patches, packed as integers, in shards of whole series."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import dask.array
import numpy as np
import pandas as pd
import xarray as xr
import zarr

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.variables import VARIABLES
from fluxprod.writers.interim import MISSING, PACKED, create_store, packing

CHUNK = 256  # patches read at once
SHARD = 64 * CHUNK  # patches per file


def packed(name: str, values: np.ndarray) -> np.ndarray:
    """Pack a variable of the vocabulary as integers; NaN becomes ``MISSING``.

    Raises
    ------
    ValueError
        If a value lies outside the variable's valid range.
    """
    encoding = packing(name, values)
    scaled = (values - encoding["add_offset"]) / encoding["scale_factor"]
    return np.where(np.isnan(values), MISSING, np.around(scaled)).astype(PACKED)


class VegetationStore(NamedTuple):
    """A vegetation store that is being written."""

    group: zarr.Group

    def write(self, name: str, series: np.ndarray) -> None:
        """Write all values of a variable.

        Parameters
        ----------
        name : str
            Variable of the vocabulary.
        series : ndarray of int16, shape (composite, patch)
            Integers as returned by `packed`.
        """
        array = self.group[name]
        assert isinstance(array, zarr.Array)
        assert array.shape == series.shape[::-1]
        assert array.shards is not None
        step = array.shards[0]
        for start in range(0, array.shape[0], step):  # whole shards
            array[start : start + step] = np.ascontiguousarray(series[:, start : start + step].T)


@contextmanager
def vegetation_store(
    path: Path,
    patches: Mapping[str, np.ndarray],
    axes: Mapping[str, tuple[tuple[str, ...], pd.DatetimeIndex]],
) -> Iterator[VegetationStore]:
    """Create a zarr store in a temporary place, which is renamed once everything is written.

    Parameters
    ----------
    path : Path
        Final place of the store.
    patches : mapping of ndarray, shape (patch,)
        Cell, type and share of each patch.
    axes : mapping of (tuple of str, DatetimeIndex)
        For each time axis by name, the variables on it and the midpoints of their composites.

    Yields
    ------
    VegetationStore
        The store, to which each variable is written.

    Raises
    ------
    DataError
        If another run is writing the same store, or if the disk is full.
    """
    dataset = xr.Dataset({name: ("patch", values) for name, values in patches.items()})
    n_patches = dataset.sizes["patch"]
    chunk = min(n_patches, CHUNK)
    shard = min(-(-n_patches // chunk) * chunk, SHARD)
    encoding: dict[str, dict] = {name: {"chunks": (n_patches,)} for name in patches}
    for axis, (names, times) in axes.items():
        dataset[axis] = (axis, times)
        shape = n_patches, len(times)
        for name in names:
            empty = dask.array.zeros(shape, chunks=(shard, len(times)), dtype=float)
            dataset[name] = (("patch", axis), empty)
            low = np.array([VARIABLES[name].valid[0]])
            layout = {"chunks": (chunk, len(times)), "shards": (shard, len(times))}
            encoding[name] = {**packing(name, low), **layout}
    with atomic_output(path) as temporary:
        create_store(dataset, temporary, encoding, compute=False)
        yield VegetationStore(zarr.open_group(temporary, mode="r+"))
