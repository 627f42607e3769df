"""Every file of a folder of raw files; folders may be links to another disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from fluxprod.core.errors import DataError

FILE_SUFFIXES = {
    ".csv", ".gz", ".grb", ".grb2", ".grib", ".grib2", ".hdf", ".nc", ".nc4", ".tif", ".tiff",
    ".xls", ".xlsx", ".zip",
}  # fmt: skip


def raw_files(folder: Path) -> list[Path]:
    """All files under a folder, or the file itself, sorted; hidden ones are left out.

    Raises
    ------
    DataError
        If there is nothing of that name.
    """
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise DataError(folder, "folder", "nothing", "a folder or file of raw data")
    return sorted(path for path in _entries(folder) if path.is_file())


def no_files(folder: Path) -> dict[Path, str]:
    """What looks like a raw file and is none, and why: links to nothing, folders, devices."""
    faults = {}
    for path in sorted(_entries(folder)) if folder.is_dir() else []:
        if path.is_symlink() and not path.exists():
            faults[path] = f"a link to {path.readlink()}, which is not there"
        elif path.is_dir() and path.suffix.lower() in FILE_SUFFIXES:
            faults[path] = "a folder with the name of a file"
        elif not path.is_dir() and not path.is_file():
            faults[path] = "no regular file"
    return faults


def check_links(folder: Path) -> None:
    """Raise a DataError if anything under a folder cannot be hashed: see `no_files`."""
    for path, fault in no_files(folder).items():
        if not path.is_dir():
            raise DataError(path, "file", fault, "a file", "restore or remove it")


def _entries(folder: Path) -> Iterator[Path]:
    """Files and folders under a folder, through links, but for folders within themselves."""
    above: dict[str, tuple] = {str(folder): ()}  # of a folder: device and number of those it is in
    for place, folders, files in os.walk(folder, followlinks=True):
        status = Path(place).stat()
        within, here = above.pop(place), (status.st_dev, status.st_ino)
        folders[:] = [name for name in folders if not name.startswith(".")]
        if here in within:
            folders.clear()
            continue
        above |= {os.path.join(place, name): (*within, here) for name in folders}  # noqa: PTH118
        names = [*folders, *(name for name in files if not name.startswith("."))]
        yield from (Path(place, name) for name in names)
