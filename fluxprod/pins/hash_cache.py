"""SHA-256 of raw files, side by side, remembered for files that did not change since.

The cache lies beside the manifest, ``data/raw/.<source>.hashes.json``, is of one machine and not
committed. A file is not read again while its size, modification time and inode are those under
which its hash was found. Who changes bytes and sets the three back is caught with ``full`` only.
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
from fluxprod.pins.manifest import Pin

THREADS = min(8, os.cpu_count() or 1)  # hashlib lets go of the interpreter lock
BLOCK = 2**20  # byte
SAVE_BYTES = 2**30  # hashed between two savings of the cache
SAVE_FILES = 500

Advance = Callable[[int], object]


class Seen(NamedTuple):
    """A file as it was when it was hashed: size [byte], mtime [ns], inode, SHA-256."""

    size: int
    mtime_ns: int
    inode: int
    sha256: str


def cache_of(pins: Path) -> Path:
    """Where hashes are remembered: ``.observed.hashes.json`` beside ``observed.pins.json``."""
    return pins.with_name(f".{pins.name.removesuffix('.json').removesuffix('.pins')}.hashes.json")


def hashed(
    files: Mapping[str, Path],
    cache: Path,
    *,
    full: bool = False,
    advance: Advance = lambda size: None,
) -> dict[str, Pin]:
    """Hash files, or remember their hashes.

    Parameters
    ----------
    files : mapping of str to Path
        By the name that they have in manifest and cache.
    cache : Path
        Saved now and then, and also when this stops half way; the next call goes on from there.
    full : bool
        Hash all again.
    advance : callable
        Called with the bytes that are done.

    Returns
    -------
    dict of str to Pin
        In the order of ``files``.

    Raises
    ------
    DataError
        If a file cannot be read, or changes meanwhile.
    """
    known = _read(cache)
    found = {} if full else _unchanged(files, known)
    advance(sum(seen.size for seen in found.values()))
    todo = {name: path for name, path in files.items() if name not in found}
    unsaved_bytes = unsaved_files = 0
    try:
        for name, seen in _side_by_side(todo, advance):
            known[name] = found[name] = seen
            unsaved_bytes, unsaved_files = unsaved_bytes + seen.size, unsaved_files + 1
            if unsaved_bytes >= SAVE_BYTES or unsaved_files >= SAVE_FILES:
                _save(cache, known)
                unsaved_bytes = unsaved_files = 0
    finally:
        if unsaved_files:
            _save(cache, known)
    return {name: Pin(found[name].sha256, found[name].size) for name in files}


def _unchanged(files: Mapping[str, Path], known: Mapping[str, Seen]) -> dict[str, Seen]:
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


def _side_by_side(files: Mapping[str, Path], advance: Advance) -> Iterator[tuple[str, Seen]]:
    """Hash in threads; what waits is dropped when this stops early."""
    with _threads() as pool:
        names: dict[Future[Seen], str] = {
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


def _hash(path: Path, advance: Advance) -> Seen:
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
    return Seen(*before, digest.hexdigest())


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(path, "file", f"unreadable ({error.strerror})", "a file", "restore it")


def _read(cache: Path) -> dict[str, Seen]:
    """A cache that is absent or damaged remembers nothing."""
    try:
        content = json.loads(cache.read_text())
        return {name: Seen(*seen) for name, seen in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _save(cache: Path, known: Mapping[str, Seen]) -> None:
    """Keep what is known, if that can be written: without it the files are read once more."""
    with suppress(DataError, OSError), atomic_output(cache) as beside:
        beside.write_text(json.dumps(known, sort_keys=True) + "\n")
