"""Files that stages pass to one another."""

from pathlib import Path

import xarray as xr

from fluxprod.core.errors import DataError


def read_interim(path: Path) -> xr.Dataset:
    """Load the output of a stage, NetCDF or zarr by its suffix, into memory.

    Raises
    ------
    DataError
        If the file does not exist or is unreadable.
    """
    with open_interim(path) as dataset:
        try:
            return dataset.load()
        except (
            OSError,
            ValueError,
            RuntimeError,
        ) as error:  # netCDF4 raises RuntimeError for corrupt chunks
            raise _unreadable(path, error) from error


def open_interim(path: Path) -> xr.Dataset:
    """Open the output of a stage lazily.

    Raises
    ------
    DataError
        If the file does not exist or is unreadable.
    """
    if not path.exists():
        expected = "the output of an earlier stage"
        raise DataError(path, "file", "no such file", expected, "run dvc repro")
    try:
        if path.suffix == ".zarr":
            store: xr.Dataset = xr.open_zarr(path, consolidated=False, chunks=None)
            return store
        return xr.open_dataset(path, engine="netcdf4")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> DataError:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    found = f"unreadable content ({text})"
    return DataError(path, "file", found, "a complete file", "remove it and run dvc repro")
