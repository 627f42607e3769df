"""SHA-256 of raw files, computed in parallel and cached for files that have not changed.

The cache, ``data/raw/.<source>.hashes.json``, lies next to the manifest. It belongs to one machine
and is not committed. A file is not read again as long as its size, modification time and inode are
the same as when it was hashed. Only ``full`` detects changed bytes if somebody restored all three.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError
from fluxprod.pins.manifest import Pin, read_fault

THREADS = min(8, os.cpu_count() or 1)  # hashlib releases the global interpreter lock
BLOCK = 2**20  # byte
# The cache is saved each time this much has been hashed since it was last saved.
SAVE_BYTES = 2**30
SAVE_FILES = 500

Advance = Callable[[int], object]


class CachedHash(NamedTuple):
    """State of a file when it was hashed: size [byte], mtime [ns] and inode, and its SHA-256."""

    size: int
    mtime_ns: int
    inode: int
    sha256: str


def cache_of(pins: Path) -> Path:
    """Path of the cache of a manifest: ``.observed.hashes.json`` for ``observed.pins.json``."""
    return pins.with_name(f".{pins.name.removesuffix('.json').removesuffix('.pins')}.hashes.json")


def hashed(
    files: Mapping[str, Path],
    cache: Path,
    *,
    full: bool = False,
    advance: Advance = lambda size: None,
) -> dict[str, Pin]:
    """Hash files, or take their hashes from the cache if the files have not changed.

    Parameters
    ----------
    files : mapping of str to Path
        Paths by the names under which the manifest and the cache list the files.
    cache : Path
        Path of the cache. It is saved at intervals and on interruption, so that the next call
        resumes there.
    full : bool
        Whether to hash all files again, whatever the cache holds.
    advance : callable
        Called with each number of bytes that has been hashed or found in the cache.

    Returns
    -------
    dict of str to Pin
        Hash and size of each file, in the order of ``files``.

    Raises
    ------
    DataError
        If a file cannot be read, or changes while it is hashed.
    """
    known = _read(cache)
    found = {} if full else _unchanged(files, known)
    advance(sum(entry.size for entry in found.values()))
    todo = {name: path for name, path in files.items() if name not in found}
    unsaved_bytes = unsaved_files = 0
    try:
        for name, entry in _hash_in_threads(todo, advance):
            known[name] = found[name] = entry
            unsaved_bytes, unsaved_files = unsaved_bytes + entry.size, unsaved_files + 1
            if unsaved_bytes >= SAVE_BYTES or unsaved_files >= SAVE_FILES:
                _save(cache, known)
                unsaved_bytes = unsaved_files = 0
    finally:
        if unsaved_files:
            _save(cache, known)
    return {name: Pin(found[name].sha256, found[name].size) for name in files}


def _unchanged(files: Mapping[str, Path], known: Mapping[str, CachedHash]) -> dict[str, CachedHash]:
    return {
        name: known[name]
        for name, path in files.items()
        if name in known and _state(path) == known[name][:3]
    }


def _state(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return status.st_size, status.st_mtime_ns, status.st_ino


def _hash_in_threads(
    files: Mapping[str, Path], advance: Advance
) -> Iterator[tuple[str, CachedHash]]:
    """Hash files in threads; files still waiting are skipped if the caller stops early."""
    with _threads() as pool:
        names: dict[Future[CachedHash], str] = {
            pool.submit(_hash, path, advance): name for name, path in files.items()
        }
        for future in as_completed(names):
            yield names[future], future.result()


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(THREADS)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _hash(path: Path, advance: Advance) -> CachedHash:
    before = _state(path)
    digest, block = hashlib.sha256(), bytearray(BLOCK)
    view = memoryview(block)
    try:
        with path.open("rb", buffering=0) as file:
            while size := file.readinto(block):
                digest.update(view[:size])
                advance(size)
    except OSError as error:
        raise _unreadable(path, error) from error
    if _state(path) != before:
        raise DataError(path, "file", "changed while it was hashed", "a file at rest", "run again")
    return CachedHash(*before, digest.hexdigest())


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(path, "file", read_fault(error), "a readable file", "restore it")


def _read(cache: Path) -> dict[str, CachedHash]:
    """Read the cache; a missing or damaged one counts as empty."""
    try:
        content = json.loads(cache.read_text())
        return {name: CachedHash(*entry) for name, entry in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _save(cache: Path, known: Mapping[str, CachedHash]) -> None:
    """Save the cache if possible; without it, the next call only has to hash the files again."""
    with suppress(DataError, OSError), atomic_output(cache) as temporary:
        temporary.write_text(json.dumps(known, sort_keys=True) + "\n")
