"""An open HDF4 file, its datasets found by name; every fault of the library is a DataError."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pyhdf.error import HDF4Error
from pyhdf.SD import SD, SDC, SDS

from fluxprod.core.errors import DataError

STRUCTURE = "StructMetadata.0"
CORNER = re.compile(r"(UpperLeftPointMtrs|LowerRightMtrs)=\(([-\d.]+),([-\d.]+)\)")
# what pyhdf raises where a file breaks off within a name, a number or a description
BROKEN = (HDF4Error, ValueError, LookupError, OverflowError, MemoryError)


class Hdf4File(NamedTuple):
    """An open file with the names of its datasets."""

    path: Path
    file: SD
    names: list[str]

    def select(self, prefix: str) -> SDS:
        """Open the one dataset of a name, to which Collection 5 may append `` (Band 1)``.

        Raises
        ------
        DataError
            If none or several match.
        """
        matching = [name for name in self.names if name == prefix]
        matching = matching or [name for name in self.names if name.startswith(f"{prefix} (")]
        if len(matching) != 1:
            found = str(matching or self.names)
            raise DataError(self.path, prefix, found, "one dataset of that name")
        return self.file.select(matching[0])


@contextmanager
def open_hdf4(path: Path, check: Callable[[Path, str], None]) -> Iterator[Hdf4File]:
    """Open a file whose stated structure passes a check.

    Parameters
    ----------
    path : Path
    check : callable
        Of the path and the text of ``StructMetadata.0``, empty where there is none; raises.

    Raises
    ------
    DataError
        If it is no HDF4 file, breaks off, or fails the check.
    """
    file = None
    try:
        file = SD(str(path), SDC.READ)
        check(path, str(attribute(file, STRUCTURE) or ""))
        yield Hdf4File(path, file, list(file.datasets()))
    except BROKEN as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(path, "file", f"unreadable ({reason})", "HDF4", "get it again") from error
    finally:
        if file is not None:
            with suppress(HDF4Error):
                file.end()


def stated_corners(structure: str) -> dict[str, tuple[float, float]]:
    """Corners that an HDF-EOS description states, (x, y) by their HDF-EOS names."""
    return {corner: (float(x), float(y)) for corner, x, y in CORNER.findall(structure)}


def attribute(holder: SD | SDS, name: str) -> object:
    """One attribute or None. To ask for all is slow: pyhdf reads long texts byte by byte."""
    found = holder.attr(name)
    try:
        found.index()
    except HDF4Error:
        return None
    return found.get()
