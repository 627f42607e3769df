"""Location of a NetCDF or GRIB file: on disk, or in a zip archive of any name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from fluxprod.core.errors import DataError
from fluxprod.readers.files.archive import extracted, members

ZIP = b"PK"
SUFFIXES = {".nc", ".nc4", ".grib", ".grb", ".grib2", ".grb2"}


class NetcdfSource(NamedTuple):
    """A file on disk, or a member of a zip archive."""

    path: Path
    member: str | None = None

    @property
    def label(self) -> Path:
        """Name for error messages."""
        return self.path if self.member is None else self.path / self.member


def is_zip(path: Path) -> bool:
    """Whether a file starts with the signature of a zip archive, whatever its name is."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(ZIP)) == ZIP


def sources_of(path: Path) -> list[NetcdfSource]:
    """List the NetCDF and GRIB files in an archive, or the file itself.

    Raises
    ------
    DataError
        If the archive is corrupt or contains no such file.
    """
    if not is_zip(path):
        return [NetcdfSource(path)]
    names = [member.name for member in members(path)]
    inside = [NetcdfSource(path, name) for name in names if Path(name).suffix.lower() in SUFFIXES]
    if not inside:
        raise DataError(path, "archive", names[:5] or "nothing", "a NetCDF file in it")
    return inside


def only_source(path: Path) -> NetcdfSource:
    """Return the file itself, or the only one in an archive.

    Raises
    ------
    DataError
        If the archive is corrupt or does not contain exactly one NetCDF or GRIB file.
    """
    inside = sources_of(path)
    if len(inside) != 1:
        raise DataError(path, "archive", [source.member for source in inside], "one NetCDF file")
    return inside[0]


@contextmanager
def located(source: NetcdfSource) -> Iterator[Path]:
    """Provide a path from which a library can open a source; errors name the source itself.

    Raises
    ------
    DataError
        If the archive is corrupt or cannot be unpacked into the cache folder.
    """
    if source.member is None:
        yield source.path
        return
    with extracted(source.path, source.member) as path:
        try:
            yield path
        except DataError as error:
            if error.source != str(path):
                raise
            raise DataError(
                source.label, error.variable, error.found, error.expected, error.action
            ) from error
