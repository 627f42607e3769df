"""All files in a folder of raw data; folders may be links to another disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from fluxprod.core.errors import DataError

FILE_SUFFIXES = {
    ".csv", ".gz", ".grb", ".grb2", ".grib", ".grib2", ".hdf", ".nc", ".nc4", ".tif", ".tiff",
    ".xls", ".xlsx", ".zip",
}  # fmt: skip


def raw_files(folder: Path) -> list[Path]:
    """List all files in a folder and its subfolders, sorted, without hidden ones.

    Parameters
    ----------
    folder : Path
        Folder, or a file, which is returned by itself.

    Returns
    -------
    list of Path
        Files, through links.

    Raises
    ------
    DataError
        If there is no such folder or file.
    """
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise DataError(folder, "folder", "nothing", "a folder or file of raw data")
    return sorted(path for path in _entries(folder) if path.is_file())


def no_files(folder: Path) -> dict[Path, str]:
    """List entries that look like raw files but are not, each with the reason.

    Such entries are broken links, folders with the name of a file, and devices.
    """
    faults = {}
    for path in sorted(_entries(folder)) if folder.is_dir() else []:
        if path.is_symlink() and not path.exists():
            faults[path] = f"a link to {path.readlink()}, which does not exist"
        elif path.is_dir() and path.suffix.lower() in FILE_SUFFIXES:
            faults[path] = "a folder with the name of a file"
        elif not path.is_dir() and not path.is_file():
            faults[path] = "not a regular file"
    return faults


def check_links(folder: Path) -> None:
    """Raise a DataError if a folder contains anything that cannot be hashed; see `no_files`."""
    for path, fault in no_files(folder).items():
        if not path.is_dir():
            raise DataError(path, "file", fault, "a file", "restore it or remove it")


def _entries(folder: Path) -> Iterator[Path]:
    """Files and folders below a folder, following links but never into an enclosing folder."""
    # device and inode of every folder that encloses the key
    above: dict[str, tuple[tuple[int, int], ...]] = {str(folder): ()}
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
