"""Opening NetCDF files so that any fault in them becomes a one-line error message."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.classic_netcdf import is_classic, needed_bytes
from fluxprod.readers.files.web_page import web_page_fault

# what xarray and the NetCDF library raise for corrupt files
BROKEN = (OSError, ValueError, RuntimeError, LookupError, TypeError, ArithmeticError, MemoryError)
EXPECTED = "a NetCDF file"
EXPANSION = 2000  # exceeds the largest compression ratio of deflate, 1032
SMALL = 2**26  # byte; smaller files are accepted at any compression


@contextmanager
def opened_netcdf(
    path: Path, *, decode_times: bool = True, without: tuple[str, ...] = ()
) -> Iterator[xr.Dataset]:
    """Open a NetCDF file lazily; faults found later, while reading values, are reported as well.

    Parameters
    ----------
    path : Path
        File on disk.
    decode_times : bool
        Whether ``time`` is converted to dates.
    without : tuple of str
        Variables not to read: the HDF5 library hangs on some corrupt strings.

    Yields
    ------
    Dataset
        Lazy; closed on leaving the context.

    Raises
    ------
    DataError
        If the file does not exist, is not NetCDF, or is truncated or corrupt.
    """
    if not path.is_file():
        raise DataError(path, "file", "no such file", EXPECTED)
    _check_classic(path)
    try:
        with xr.open_dataset(
            path,
            engine="netcdf4",
            decode_times=decode_times,
            decode_timedelta=False,
            drop_variables=without,
        ) as dataset:
            check_declared(path, declared(dataset))
            yield dataset
    except BROKEN as error:
        raise unreadable(path, error) from error


def declared(dataset: xr.Dataset) -> int:
    """Total size of all values in their stored type, without compression [byte]."""
    return sum(
        variable.size * np.dtype(variable.encoding.get("dtype", variable.dtype)).itemsize
        for variable in dataset.variables.values()
    )


def check_declared(path: Path, size: int) -> None:
    """Refuse a file that is too small for the values it declares, whatever the compression.

    Parameters
    ----------
    path : Path
        File on disk.
    size : int
        Total size of the declared values [byte].

    Raises
    ------
    DataError
        If the file is too small.
    """
    if size > SMALL:
        _check_length(path, size // EXPANSION)


def unreadable(path: Path, error: BaseException) -> DataError:
    """Describe a file that the NetCDF library failed to read."""
    if isinstance(error, PermissionError):
        return DataError(path, "file", "no read permission", EXPECTED, "check its permissions")
    if (page := web_page_fault(path, EXPECTED)) is not None:
        return page
    found, action = _other_format(_start(path)), "download it again"
    if found == "a zip archive":
        action = "unpack it"
    if not found:
        found = f"unreadable content ({reason(error)})"
    return DataError(path, "file", found, EXPECTED, action)


def reason(error: BaseException) -> str:
    """First line of a library's error message, without error number and file name."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (text.splitlines() or [""])[0].strip() or type(error).__name__


def fault(error: BaseException) -> str:
    """What was found in place of a readable file, as a phrase for a DataError."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, PermissionError):
        return "no read permission"
    if isinstance(error, IsADirectoryError):
        return "a folder"
    return f"unreadable content ({reason(error)})"


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1000)


def _other_format(start: bytes) -> str:
    """Format of a file that is not NetCDF; empty if its first bytes do not identify it."""
    if not start:
        return "an empty file"
    if start.startswith(b"PK"):
        return "a zip archive"
    return "a GRIB file" if start.startswith(b"GRIB") else ""


def _check_classic(path: Path) -> None:
    """Check the header first, because the NetCDF library crashes on some corrupt ones."""
    if is_classic(path):
        _check_length(path, needed_bytes(path))


def _check_length(path: Path, needed: int) -> None:
    size = path.stat().st_size
    if needed > size:
        found = f"{size} bytes of at least {needed}"
        raise DataError(path, "file", found, "a complete file", "download it again")
