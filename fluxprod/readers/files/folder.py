"""All files in a folder of raw data; folders may be links to another disk."""

import os
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
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
    paths = [entry.path for entry in _entries(folder) if _is(entry.is_file)]
    return [Path(path) for path in sorted(paths, key=_parts)]


def matching(folder: Path, *patterns: str) -> list[Path]:
    """List the entries of a folder itself that match any pattern, sorted, without hidden ones.

    Parameters
    ----------
    folder : Path
        Folder; if it does not exist, nothing matches.
    *patterns : str
        Glob patterns of file names. Upper and lower case are the same, as providers, browsers and
        some disks change the case of an extension.
    """
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    wanted = [pattern.lower() for pattern in patterns]
    return [
        path
        for path in entries
        if not path.name.startswith(".")
        and any(fnmatchcase(path.name.lower(), pattern) for pattern in wanted)
    ]


def no_files(folder: Path) -> dict[Path, str]:
    """List entries that look like raw files but are not, each with the reason.

    Such entries are broken links, folders with the name of a file, and devices.
    """
    entries = _entries(folder) if folder.is_dir() else iter(())
    faults = {entry.path: fault for entry in entries if (fault := _fault(entry))}
    return {Path(path): faults[path] for path in sorted(faults, key=_parts)}


def _parts(path: str) -> list[str]:
    """Parts of a path, by which a `Path` sorts, only slower."""
    return path.split(os.sep)  # noqa: PTH206


def _fault(entry: os.DirEntry[str]) -> str:
    """Why an entry that looks like a raw file is none; empty if it is one, or a plain folder."""
    if _is(entry.is_file):
        return ""
    if _is(entry.is_dir):
        named = Path(entry.name).suffix.lower() in FILE_SUFFIXES
        return "a folder with the name of a file" if named else ""
    return _broken_link(Path(entry.path)) if entry.is_symlink() else "not a regular file"


def _broken_link(path: Path) -> str:
    """Why a link leads to neither a file nor a folder."""
    try:
        path.stat()
    except FileNotFoundError:
        return f"a link to {path.readlink()}, which does not exist"
    except OSError as error:
        return f"a link to {path.readlink()}, which cannot be followed ({error.strerror})"
    return "not a regular file"


def check_links(folder: Path) -> None:
    """Raise a DataError if a folder contains anything that cannot be hashed; see `no_files`."""
    for path, fault in no_files(folder).items():
        if not path.is_dir():
            raise DataError(path, "file", fault, "a file", "restore it or remove it")


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Files and folders below a folder, following links but never into an enclosing folder.

    `os.scandir` states the kind of most entries without another call to the disk, which counts
    for folders of several hundred thousand tiles.
    """
    todo: list[tuple[str, frozenset[tuple[int, int]]]] = [(str(folder), frozenset())]
    while todo:
        place, above = todo.pop()  # above: device and inode of every enclosing folder
        here, entries = _listing(place)
        if here in above:
            continue
        for entry in entries:
            if not entry.name.startswith("."):
                yield entry
                if _is(entry.is_dir):
                    todo.append((entry.path, above | {here}))


def _listing(place: str) -> tuple[tuple[int, int], list[os.DirEntry[str]]]:
    """Device and inode of a folder, and its entries."""
    try:
        status = os.stat(place)  # noqa: PTH116 - of text, as a Path would take as long as the call
        with os.scandir(place) as entries:
            return (status.st_dev, status.st_ino), list(entries)
    except OSError as error:
        found = f"one that cannot be read ({error.strerror})"
        raise DataError(place, "folder", found, "a readable folder", "restore it") from error


def _is(kind: Callable[[], bool]) -> bool:
    """Whether an entry is of a kind; a link that leads in a circle is of none."""
    try:
        return kind()
    except OSError:
        return False
