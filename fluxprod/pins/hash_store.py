"""The local store of hashes: an SQLite file next to the manifest, of this machine alone.

It holds the hash of every file with the state in which the file was hashed, and the files of every
group that has been pinned or found as pinned, because the manifest holds only a digest of those.
Everything in it can be computed again, so one that is damaged is replaced, and one that cannot be
written is done without.
"""

import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from fluxprod.pins.pin import Pin, combined

TABLES = """
    CREATE TABLE IF NOT EXISTS hashes (
        name TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode TEXT, sha256 TEXT
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS pinned_groups (sha256 TEXT PRIMARY KEY, files BLOB) WITHOUT ROWID;
"""
MEMORY = Path(":memory:")
WAIT = 60  # s, for another process that writes


class CachedHash(NamedTuple):
    """State of a file when it was hashed: size [byte], mtime [ns] and inode, and its SHA-256."""

    size: int
    mtime_ns: int
    inode: int
    sha256: str


class HashStore:
    """An open store.

    Parameters
    ----------
    database : sqlite3.Connection
        Connection to the file.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def hashes(self) -> dict[str, CachedHash]:
        """All hashes by the names of the files; none if they cannot be read."""
        with suppress(sqlite3.Error, ValueError, TypeError):
            rows = self._database.execute("SELECT name, size, mtime_ns, inode, sha256 FROM hashes")
            # inodes of some disks exceed the integers of SQLite
            return {
                name: CachedHash(size, mtime_ns, int(inode), sha256)
                for name, size, mtime_ns, inode, sha256 in rows
            }
        return {}

    def save(self, hashes: Mapping[str, CachedHash]) -> None:
        """Add hashes or replace those of the same names."""
        rows = [
            (name, entry.size, entry.mtime_ns, str(entry.inode), entry.sha256)
            for name, entry in hashes.items()
        ]
        self._write("INSERT OR REPLACE INTO hashes VALUES (?, ?, ?, ?, ?)", rows)

    def remember(self, groups: Mapping[str, Mapping[str, Pin]]) -> None:
        """Keep the files of groups, by the digests of these."""
        known = self._digests()
        rows = [(sha256, _packed(pins)) for sha256, pins in groups.items() if sha256 not in known]
        self._write("INSERT OR REPLACE INTO pinned_groups VALUES (?, ?)", rows)

    def recall(self, sha256: str) -> dict[str, Pin] | None:
        """Pins of the files of a group by its digest; None if they are not known here."""
        with suppress(sqlite3.Error, zlib.error, ValueError, TypeError):
            query = "SELECT files FROM pinned_groups WHERE sha256 = ?"
            for (files,) in self._database.execute(query, (sha256,)):
                pins = _unpacked(files)
                return pins if combined(pins) == sha256 else None
        return None

    def _digests(self) -> set[str]:
        with suppress(sqlite3.Error):
            return {
                sha256 for (sha256,) in self._database.execute("SELECT sha256 FROM pinned_groups")
            }
        return set()

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Write in one transaction, if possible: without it, the next call only takes longer."""
        if rows:
            with suppress(sqlite3.Error), self._database:
                self._database.executemany(statement, rows)


@contextmanager
def open_store(path: Path) -> Iterator[HashStore]:
    """Open a store, a new one if there is none or a damaged one.

    Parameters
    ----------
    path : Path
        Path of the file. Where it can be neither read nor made, the store lies in memory.

    Yields
    ------
    HashStore
    """
    with closing(_connected(path)) as database:
        yield HashStore(database)


def _connected(path: Path) -> sqlite3.Connection:
    try:
        return _with_tables(path)
    except sqlite3.OperationalError:  # a folder that cannot be written, or a store in use
        return _with_tables(MEMORY)
    except (sqlite3.DatabaseError, ValueError):  # not a database
        with suppress(OSError):
            path.unlink()
            return _connected(path)
        return _with_tables(MEMORY)


def _with_tables(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=WAIT)
    try:
        database.executescript(TABLES)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _packed(pins: Mapping[str, Pin]) -> bytes:
    lines = "\0".join(f"{pin.sha256} {pin.size} {name}" for name, pin in pins.items())
    return zlib.compress(lines.encode())


def _unpacked(packed: bytes) -> dict[str, Pin]:
    lines = [line.split(" ", 2) for line in zlib.decompress(packed).decode().split("\0")]
    return {name: Pin(sha256, int(size)) for sha256, size, name in lines}
