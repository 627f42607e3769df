"""The product as one zarr store: a group a file, sharded, with consolidated metadata."""

import warnings
from pathlib import Path

import dask
import xarray as xr
import zarr


def write_group(dataset: xr.Dataset, path: Path, group: str, encoding: dict[str, dict]) -> None:
    """Write a dataset as a group of a store.

    Parameters
    ----------
    dataset : Dataset
        What is lazy in it is computed block by block; a block is a shard.
    path : Path
        Of the store, inside a folder that is renamed when it is whole.
    group : str
    encoding : dict
        Chunks, shards and compression.
    """
    with dask.config.set(scheduler="synchronous"):
        dataset.to_zarr(
            path, group=group, zarr_format=3, consolidated=False, encoding=encoding, mode="w"
        )


def consolidate(path: Path, groups: list[str], attributes: dict) -> None:
    """Give the root its attributes; put all metadata of it, and of each group, into one file.

    Opening the store, or a group, is then one read.

    Readers that do not know consolidated metadata, which are not yet in zarr 3's specification,
    find the same in the files of each array.
    """
    plain = {
        key: getattr(value, "tolist", lambda v=value: v)() for key, value in attributes.items()
    }
    zarr.open_group(path, mode="r+").attrs.update(plain)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Consolidated metadata", zarr.errors.ZarrUserWarning)
        for group in ("", *groups):
            zarr.consolidate_metadata(path, path=group)
