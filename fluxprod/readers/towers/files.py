"""Where a tower table lies: a file of a folder, or a member of a zip archive in it."""

from pathlib import Path
from typing import NamedTuple

from fluxprod.readers.files.archive import members
from fluxprod.readers.files.folder import raw_files

ZIP_SUFFIX = ".zip"


class TowerFile(NamedTuple):
    """A file, or a member of an archive."""

    path: Path
    member: str | None = None

    @property
    def label(self) -> Path:
        """Name for messages; its last part is the name under which the table is issued."""
        return self.path if self.member is None else self.path / self.member


def tower_file(source: Path | TowerFile) -> TowerFile:
    """Take a plain path for a file."""
    return source if isinstance(source, TowerFile) else TowerFile(source)


def is_archive(path: Path) -> bool:
    """Whether a file is named as a zip archive."""
    return path.suffix.lower() == ZIP_SUFFIX


def files_within(path: Path) -> list[TowerFile]:
    """Give a file itself, or all members of an archive.

    Raises
    ------
    DataError
        If an archive is broken or not to be trusted.
    """
    if not is_archive(path):
        return [TowerFile(path)]
    return [TowerFile(path, member.name) for member in members(path)]


def tables_in(folder: Path) -> list[TowerFile]:
    """All files under a folder, members of its archives among them; none if there is no folder.

    Raises
    ------
    DataError
        If an archive is broken or not to be trusted.
    """
    paths = raw_files(folder) if folder.is_dir() else []
    return [file for path in paths for file in files_within(path)]
