"""The product as one sharded zarr store: one group per file content, consolidated metadata."""

import warnings
from pathlib import Path

import dask
import xarray as xr
import zarr


def write_group(dataset: xr.Dataset, path: Path, group: str, encoding: dict[str, dict]) -> None:
    """Write a dataset as a group of the store.

    Parameters
    ----------
    dataset : Dataset
        Content of the group; lazy variables are computed block by block, one block per shard.
    path : Path
        Store, in a temporary folder that is renamed once it is complete.
    group : str
        Name of the group.
    encoding : dict of dict
        Chunks, shards and compression of each variable.
    """
    with dask.config.set(scheduler="synchronous"):
        dataset.to_zarr(
            path, group=group, zarr_format=3, consolidated=False, encoding=encoding, mode="w"
        )


def consolidate(path: Path, groups: list[str], attributes: dict) -> None:
    """Write the root attributes and consolidate the metadata of the root and of each group.

    Opening the store or a group then takes a single read. Consolidated metadata are not yet part of
    the zarr 3 specification; readers that do not support them find the same metadata in the files
    of each array.

    Parameters
    ----------
    path : Path
        The store.
    groups : list of str
        Names of the groups.
    attributes : dict
        Global attributes of the root.
    """
    plain = {
        key: getattr(value, "tolist", lambda v=value: v)() for key, value in attributes.items()
    }
    zarr.open_group(path, mode="r+").attrs.update(plain)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Consolidated metadata", zarr.errors.ZarrUserWarning)
        for group in ("", *groups):
            zarr.consolidate_metadata(path, path=group)
