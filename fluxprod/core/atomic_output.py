"""An output is whole or absent: write beside, then rename."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from fluxprod.core.disk_full_errors import disk_full_errors
from fluxprod.core.errors import DataError

LOCK = "lock"


@contextmanager
def atomic_output(path: Path) -> Iterator[Path]:
    """Give a place beside ``path`` to write to; rename it when all went well.

    A run that stops half way leaves nothing under the final name.

    Raises
    ------
    DataError
        If another run is at the same output, or the disk is full.
    """
    with exclusive(path.with_name(f".{path.name}.partial")) as folder:
        for old in set(folder.iterdir()) - {folder / LOCK}:  # of runs that were killed
            sweep(old)
        own = folder / uuid4().hex  # Dask workers may still write where such a run had them write
        beside = own / f".{path.stem}.partial{path.suffix}"  # HDF4 writes the name into its bytes
        try:
            with disk_full_errors(path):
                own.mkdir()
                yield beside
                remove_torn(beside)
                remove(path)
                beside.rename(path)
        finally:
            sweep(folder)


@contextmanager
def exclusive(folder: Path) -> Iterator[Path]:
    """Make a folder and keep other runs out of it for as long as this process lives.

    Raises
    ------
    DataError
        If another run is in it.
    """
    lock = FileLock(folder / LOCK, blocking=False)
    try:
        with disk_full_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
    except (Timeout, FileNotFoundError) as error:  # not found: it has just removed the folder
        raise DataError(
            folder, LOCK, "another run at the same output", "none", "wait until it has ended"
        ) from error
    try:
        yield folder
    finally:
        lock.release()


def remove_torn(place: Path) -> None:
    """Remove what zarr was writing, beside its shards, in a process that was killed."""
    for torn in place.rglob("*.partial"):
        torn.unlink(missing_ok=True)  # a worker may yet finish it


def sweep(folder: Path) -> None:
    """Remove a hidden folder; what a stray worker writes meanwhile is left to the next run."""
    shutil.rmtree(folder, ignore_errors=True)


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
