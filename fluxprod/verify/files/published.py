"""Readers of published files: NetCDF, zarr, CSV and JSON, with one error for all faults.

Libraries raise any kind of exception on broken files, hence the wide ``except`` clauses.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.netcdf import check_declared, declared

AGAIN = "download it again"


def open_published(path: Path, lazy: Collection[str] = ()) -> xr.Dataset:
    """Open a published NetCDF file.

    Parameters
    ----------
    path : Path
        The file.
    lazy : collection of str
        Variables whose values are read only when they are used; all others are read at once.

    Returns
    -------
    Dataset
        Its contents.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        data = xr.open_dataset(path, engine="netcdf4", cache=False)
        check_declared(path, declared(data))
        return _loaded(data, lazy)
    except DataError:
        raise
    except Exception as error:
        raise _unreadable(path, "a NetCDF-4 file") from error


def open_group(store: Path, group: str, lazy: Collection[str] = ()) -> xr.Dataset:
    """Open a group of a consolidated zarr store in format 3.

    Parameters
    ----------
    store : Path
        The store.
    group : str
        Name of the group; empty for the root.
    lazy : collection of str
        As for `open_published`.

    Returns
    -------
    Dataset
        Contents of the group.

    Raises
    ------
    DataError
        If it cannot be read, or if its metadata are not consolidated.
    """
    try:
        # format 3 only: stores in format 2 may contain pickles
        data = xr.open_dataset(
            store, engine="zarr", group=group, consolidated=True, zarr_format=3, cache=False
        )
        return _loaded(data, lazy)
    except Exception as error:
        expected = f"a consolidated zarr store with group {group}"
        raise _unreadable(store, expected) from error


def _loaded(dataset: xr.Dataset, lazy: Collection[str]) -> xr.Dataset:
    for name, variable in dataset.variables.items():
        if name not in lazy:
            variable.load()
    return dataset


def read_published_table(path: Path) -> pd.DataFrame:
    """Read a CSV table.

    Raises
    ------
    DataError
        If the file is not a CSV table.
    """
    try:
        return pd.read_csv(path)
    except Exception as error:
        raise _unreadable(path, "a CSV table") from error


def read_published_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    DataError
        If the file is not a JSON object.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except Exception as error:
        raise _unreadable(path, "JSON") from error
    if not isinstance(content, dict):
        found = f"a JSON {type(content).__name__}"
        raise DataError(path.name, "file", found, "a JSON object", AGAIN)
    return content


def _unreadable(path: Path, expected: str) -> DataError:
    return DataError(path.name, "file", "one that cannot be read", expected, AGAIN)
