"""HDF4 files with datasets found by name; every error of the library becomes a DataError."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pyhdf.error import HDF4Error
from pyhdf.SD import SD, SDC, SDS

from fluxprod.core.errors import DataError
from fluxprod.readers.files.netcdf import fault
from fluxprod.readers.files.web_page import web_page_fault

STRUCTURE = "StructMetadata.0"
CORNER = re.compile(r"(UpperLeftPointMtrs|LowerRightMtrs)=\(([-\d.]+),([-\d.]+)\)")
# what pyhdf raises if a file is truncated within a name, a number or a description
BROKEN = (HDF4Error, ValueError, LookupError, OverflowError, MemoryError)


class Hdf4File(NamedTuple):
    """An open file and the names of its datasets."""

    path: Path
    file: SD
    names: list[str]

    def select(self, prefix: str) -> SDS:
        """Open the only dataset of a name, to which Collection 5 may append `` (Band 1)``.

        Raises
        ------
        DataError
            If no dataset or more than one matches.
        """
        matching = [name for name in self.names if name == prefix]
        matching = matching or [name for name in self.names if name.startswith(f"{prefix} (")]
        if len(matching) != 1:
            found = str(matching or self.names)
            raise DataError(self.path, prefix, found, "one dataset of that name")
        return self.file.select(matching[0])


@contextmanager
def open_hdf4(path: Path, check: Callable[[Path, str], None]) -> Iterator[Hdf4File]:
    """Open a file and check the structure that it declares.

    Parameters
    ----------
    path : Path
        File on disk.
    check : callable
        Called with the path and the text of ``StructMetadata.0`` (empty if absent); raises a
        DataError if the structure is not the expected one.

    Yields
    ------
    Hdf4File

    Raises
    ------
    DataError
        If the file is not HDF4, is truncated, or fails the check.
    """
    file = None
    try:
        # the library remembers a file that it failed to open by the name that it was given
        file = SD(str(path.absolute()), SDC.READ)
        check(path, str(attribute(file, STRUCTURE) or ""))
        yield Hdf4File(path, file, list(file.datasets()))
    except BROKEN as error:
        expected = "an HDF4 file"
        raise (
            web_page_fault(path, expected)
            or DataError(path, "file", fault(error), expected, "get it again")
        ) from error
    finally:
        if file is not None:
            with suppress(HDF4Error):
                file.end()


def stated_corners(structure: str) -> dict[str, tuple[float, float]]:
    """Corners (x, y) stated in an HDF-EOS description, by their HDF-EOS names."""
    return {corner: (float(x), float(y)) for corner, x, y in CORNER.findall(structure)}


def attribute(holder: SD | SDS, name: str) -> object:
    """One attribute, or None; reading all is slow, as pyhdf reads long strings byte by byte."""
    found = holder.attr(name)
    try:
        found.index()
    except HDF4Error:
        return None
    return found.get()
