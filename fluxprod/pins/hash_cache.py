"""SHA-256 of raw files, computed in parallel, or taken from the store for unchanged files.

A file is not read again as long as its size, modification time and inode are the same as when it
was hashed. Only ``full`` detects changed bytes if somebody restored all three.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.pins.hash_store import CachedHash, HashStore
from fluxprod.pins.manifest import read_fault
from fluxprod.pins.pin import Pin

THREADS = min(8, os.cpu_count() or 1)  # hashlib releases the global interpreter lock
BLOCK = 2**20  # byte
# A thread hashes so much at a time: small files are hashed faster than threads take turns.
TASK_BYTES = 2**26
TASK_FILES = 200
# What has been hashed is saved each time it is this much.
SAVE_BYTES = 2**30
SAVE_FILES = 5000

Advance = Callable[[int], object]
State = tuple[int, int, int]  # size [byte], mtime [ns] and inode


def cache_of(pins: Path) -> Path:
    """Path of the store of a manifest: ``.observed.hashes.sqlite`` for ``observed.pins.json``."""
    return pins.with_name(f".{pins.name.removesuffix('.json').removesuffix('.pins')}.hashes.sqlite")


def hashed(
    files: Mapping[str, Path],
    store: HashStore,
    *,
    full: bool = False,
    advance: Advance = lambda size: None,
) -> dict[str, Pin]:
    """Hash files, or take their hashes from the store if the files have not changed.

    Parameters
    ----------
    files : mapping of str to Path
        Paths by the names under which the manifest and the store list the files.
    store : HashStore
        Hashes of earlier calls. New ones are saved at intervals and on interruption, so that the
        next call resumes there.
    full : bool
        Whether to hash all files again, whatever the store holds.
    advance : callable
        Called with each number of bytes that has been hashed or found in the store.

    Returns
    -------
    dict of str to Pin
        Hash and size of each file, in the order of ``files``.

    Raises
    ------
    DataError
        If a file cannot be read, or changes while it is hashed.
    """
    states = {name: _state(path) for name, path in files.items()}
    found = {} if full else _unchanged(states, store.hashes())
    advance(sum(entry.size for entry in found.values()))
    todo = {name: path for name, path in files.items() if name not in found}
    unsaved: dict[str, CachedHash] = {}
    try:
        for done in _hash_in_threads(_tasks(todo, states), advance):
            found |= done
            unsaved |= done
            if len(unsaved) >= SAVE_FILES or _size(unsaved) >= SAVE_BYTES:
                store.save(unsaved)
                unsaved = {}
    finally:
        store.save(unsaved)
    return {name: Pin(found[name].sha256, found[name].size) for name in files}


def _state(path: Path) -> State:
    try:
        status = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return status.st_size, status.st_mtime_ns, status.st_ino


def _unchanged(
    states: Mapping[str, State], known: Mapping[str, CachedHash]
) -> dict[str, CachedHash]:
    return {
        name: known[name]
        for name, state in states.items()
        if name in known and state == known[name][:3]
    }


def _size(hashes: Mapping[str, CachedHash]) -> int:
    return sum(entry.size for entry in hashes.values())


def _tasks(files: Mapping[str, Path], states: Mapping[str, State]) -> list[dict[str, Path]]:
    """Split files into as many as one thread hashes at a time."""
    tasks: list[dict[str, Path]] = [{}]
    size = 0
    for name, path in files.items():
        if len(tasks[-1]) >= TASK_FILES or size >= TASK_BYTES:
            tasks.append({})
            size = 0
        tasks[-1][name], size = path, size + states[name][0]
    return tasks


def _hash_in_threads(
    tasks: list[dict[str, Path]], advance: Advance
) -> Iterator[dict[str, CachedHash]]:
    """Hash files in threads; tasks still waiting are skipped if the caller stops early."""
    with _threads() as pool:
        for future in as_completed([pool.submit(_hash_all, task, advance) for task in tasks]):
            yield future.result()


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(THREADS)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _hash_all(files: Mapping[str, Path], advance: Advance) -> dict[str, CachedHash]:
    return {name: _hash(path, advance) for name, path in files.items()}


def _hash(path: Path, advance: Advance) -> CachedHash:
    before = _state(path)
    digest = hashlib.sha256()
    block = memoryview(bytearray(min(BLOCK, before[0] + 1)))  # zeroing 1 MiB would cost more
    try:
        with path.open("rb", buffering=0) as file:
            while size := file.readinto(block):
                digest.update(block[:size])
                advance(size)
    except OSError as error:
        raise _unreadable(path, error) from error
    if _state(path) != before:
        raise DataError(path, "file", "changed while it was hashed", "a file at rest", "run again")
    return CachedHash(*before, digest.hexdigest())


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(path, "file", read_fault(error), "a readable file", "restore it")
