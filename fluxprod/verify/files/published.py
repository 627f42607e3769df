"""Product files as anybody who downloads them reads them; one error for all faults.

Libraries raise whatever they like on broken bytes, hence the wide ``except`` clauses.
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
    """Open a NetCDF file.

    Parameters
    ----------
    path : Path
    lazy : collection of str
        Variables whose values are read when they are used; all others are read now.

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
        raise _unreadable(path, error, "a NetCDF-4 file") from error


def open_group(store: Path, group: str, lazy: Collection[str] = ()) -> xr.Dataset:
    """Open a group of a consolidated store of zarr 3; arguments as of `open_published`.

    Raises
    ------
    DataError
        If it cannot be read, or if its metadata are not consolidated.
    """
    try:
        # what zarr 2 stores may hold pickles
        data = xr.open_dataset(
            store, engine="zarr", group=group, consolidated=True, zarr_format=3, cache=False
        )
        return _loaded(data, lazy)
    except Exception as error:
        expected = f"a consolidated zarr store with group {group}"
        raise _unreadable(store, error, expected) from error


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
        If it is none.
    """
    try:
        return pd.read_csv(path)
    except Exception as error:
        raise _unreadable(path, error, "a CSV table") from error


def read_published_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    DataError
        If it is none.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except Exception as error:
        raise _unreadable(path, error, "JSON") from error
    if not isinstance(content, dict):
        raise DataError(path.name, "file", type(content).__name__, "a JSON object", AGAIN)
    return content


def _unreadable(path: Path, error: Exception, expected: str) -> DataError:
    return DataError(path.name, "file", f"unreadable ({error})", expected, AGAIN)
