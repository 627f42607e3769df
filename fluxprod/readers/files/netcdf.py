"""Opening a NetCDF file; whatever is wrong with its bytes is told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.classic_netcdf import is_classic, needed_bytes

# what xarray and the NetCDF library make of broken files
BROKEN = (OSError, ValueError, RuntimeError, LookupError, TypeError, ArithmeticError, MemoryError)
EXPECTED = "a NetCDF file"
EXPANSION = 2000  # more than deflate can pack (1032 to 1)
SMALL = 2**26  # bytes, of whatever packing


@contextmanager
def opened_netcdf(
    path: Path, *, decode_times: bool = True, without: tuple[str, ...] = ()
) -> Iterator[xr.Dataset]:
    """Open a file; values stay on disk until used, and faults met then are told as well.

    Parameters
    ----------
    path : Path
    decode_times : bool
        Whether ``time`` becomes dates.
    without : tuple of str
        Variables to leave alone: the HDF5 library does not return from some broken texts.

    Raises
    ------
    DataError
        If it is absent, no NetCDF file, or breaks off.
    """
    if not path.is_file():
        raise DataError(path, "file", "nothing", EXPECTED)
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
    """Size of all values as they are stored, before packing [byte]."""
    return sum(
        variable.size * np.dtype(variable.encoding.get("dtype", variable.dtype)).itemsize
        for variable in dataset.variables.values()
    )


def check_declared(path: Path, size: int) -> None:
    """Refuse a file whose values, of a stated size [byte], no packing makes of so few bytes.

    Raises
    ------
    DataError
        If the file is too small for them.
    """
    if size > SMALL:
        _check_room(path, size // EXPANSION)


def unreadable(path: Path, error: BaseException) -> DataError:
    """One line for a file that the library failed on."""
    found, action = _other_format(_start(path)), "download it again"
    if found == "a zip archive":
        action = "unpack it"
    if not found:
        found = f"unreadable ({reason(error)})"
    return DataError(path, "file", found, EXPECTED, action)


def reason(error: BaseException) -> str:
    """First line of what a library says."""
    return (str(error).splitlines() or [""])[0].strip() or type(error).__name__


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1000)


def _other_format(start: bytes) -> str:
    """What a file is that is no NetCDF; nothing if its start does not tell."""
    if not start:
        return "an empty file"
    if start.startswith(b"PK"):
        return "a zip archive"
    if start.startswith(b"GRIB"):
        return "a GRIB file"
    return "a page of HTML or XML" if start.lstrip().startswith(b"<") else ""


def _check_classic(path: Path) -> None:
    """Look through the header first: the library crashes on some that are broken."""
    if is_classic(path):
        _check_room(path, needed_bytes(path))


def _check_room(path: Path, needed: int) -> None:
    size = path.stat().st_size
    if needed > size:
        found = f"{size} bytes of at least {needed}"
        raise DataError(path, "file", found, "a whole file", "download it again")
