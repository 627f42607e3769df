"""Location of a tower table: a file in a folder, or a member of a zip archive."""

from pathlib import Path
from typing import NamedTuple

from fluxprod.readers.files.archive import members
from fluxprod.readers.files.folder import raw_files

ZIP_SUFFIX = ".zip"


class TowerFile(NamedTuple):
    """A file on disk, or a member of a zip archive."""

    path: Path
    member: str | None = None

    @property
    def label(self) -> Path:
        """Name for error messages; its last part is the name under which the table is issued."""
        return self.path if self.member is None else self.path / self.member


def tower_file(source: Path | TowerFile) -> TowerFile:
    """Convert a plain path to a TowerFile."""
    return source if isinstance(source, TowerFile) else TowerFile(source)


def _is_archive(path: Path) -> bool:
    """Whether the suffix of a file is that of a zip archive."""
    return path.suffix.lower() == ZIP_SUFFIX


def _files_within(path: Path) -> list[TowerFile]:
    """List all members of an archive, or the file itself.

    Raises
    ------
    DataError
        If an archive is corrupt or cannot be trusted.
    """
    if not _is_archive(path):
        return [TowerFile(path)]
    return [TowerFile(path, member.name) for member in members(path)]


def tables_in(folder: Path) -> list[TowerFile]:
    """List all files in a folder and its archives; the list is empty if there is no folder.

    Raises
    ------
    DataError
        If an archive is corrupt or cannot be trusted.
    """
    paths = raw_files(folder) if folder.is_dir() else []
    return [file for path in paths for file in _files_within(path)]
