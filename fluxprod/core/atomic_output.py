"""Outputs that are either complete or absent: write to a temporary place, then rename."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from fluxprod.core.disk_full_errors import NO_SPACE, disk_full_errors
from fluxprod.core.errors import DataError

LOCK = "lock"


@contextmanager
def atomic_output(path: Path) -> Iterator[Path]:
    """Yield a temporary path next to ``path``, which is renamed if the block succeeds.

    A run that stops half way leaves nothing under the final name.

    Parameters
    ----------
    path : Path
        Final place of the output, a file or a folder; what was there is replaced.

    Yields
    ------
    Path
        Where to write the file or folder. It has the suffix of ``path``.

    Raises
    ------
    DataError
        If another run is writing the same output, if its folder cannot be written, or if the disk
        is full.
    """
    with exclusive(path.with_name(f".{path.name}.partial")) as folder:
        for old in set(folder.iterdir()) - {folder / LOCK}:  # left by killed runs
            remove_quietly(old)
        own = folder / uuid4().hex  # Dask workers of a killed run may still write to its folder
        temporary = own / f".{path.stem}.partial{path.suffix}"  # HDF4 files contain their own name
        try:
            with disk_full_errors(path):
                with unwritable_errors(path):
                    own.mkdir()
                yield temporary
                remove_unfinished_shards(temporary)
                with unwritable_errors(path):
                    remove(path)
                    temporary.rename(path)
        finally:
            remove_quietly(folder)


@contextmanager
def exclusive(folder: Path) -> Iterator[Path]:
    """Make a folder and lock it until the block or the process ends.

    Raises
    ------
    DataError
        If another run holds the lock, if the folder cannot be made, or if the disk is full.
    """
    lock = FileLock(folder / LOCK, blocking=False)
    try:
        with disk_full_errors(folder):
            with unwritable_errors(folder.parent):
                folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
    except PermissionError as error:
        raise _unwritable(folder.parent, error) from error
    except (Timeout, FileNotFoundError) as error:  # FileNotFoundError: that run has just removed it
        raise DataError(
            folder, LOCK, "another run at the same output", "none", "wait until it has ended"
        ) from error
    try:
        yield folder
    finally:
        lock.release()


@contextmanager
def unwritable_errors(path: Path) -> Iterator[None]:
    """Replace errors about a folder that is read-only, missing or no folder by one that says so.

    Parameters
    ----------
    path : Path
        Output or folder that is being written, which the error names.

    Raises
    ------
    DataError
        If something cannot be made or renamed, unless the disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> DataError:
    found = f"a place that cannot be written ({error.strerror})"
    advice = "choose another place or change its permissions"
    return DataError(path, "output", found, "a folder where files can be made", advice)


def remove_unfinished_shards(store: Path) -> None:
    """Remove the temporary files that zarr leaves next to its shards when a process is killed."""
    for file in store.rglob("*.partial"):
        file.unlink(missing_ok=True)  # a worker may finish and rename it at this moment


def remove_quietly(folder: Path) -> None:
    """Remove a folder without errors; files that a stray worker still writes stay there."""
    shutil.rmtree(folder, ignore_errors=True)


def remove(path: Path) -> None:
    """Remove a file or a folder if it exists."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
