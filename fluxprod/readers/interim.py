"""Files between stages."""

from pathlib import Path

import xarray as xr

from fluxprod.core.errors import DataError


def read_interim(path: Path) -> xr.Dataset:
    """Read a file that a stage wrote, NetCDF or zarr by its ending, into memory.

    Raises
    ------
    DataError
        If it is absent or unreadable.
    """
    with open_interim(path) as dataset:
        try:
            return dataset.load()
        except (OSError, ValueError, RuntimeError) as error:  # netCDF4: RuntimeError of bad bytes
            raise _unreadable(path, error) from error


def open_interim(path: Path) -> xr.Dataset:
    """Open a file that a stage wrote; values are read when they are used.

    Raises
    ------
    DataError
        If it is absent or unreadable.
    """
    if not path.exists():
        raise DataError(path, "file", "nothing", "the output of an earlier stage", "run dvc repro")
    try:
        if path.suffix == ".zarr":
            return xr.open_zarr(path, consolidated=False, chunks=None)
        return xr.open_dataset(path, engine="netcdf4")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        path, "file", f"unreadable ({error})", "a whole file", "remove it and run dvc repro"
    )
