"""What was found in files that have not changed since, kept in an sqlite file.

The file belongs to one machine and is not committed. If it is missing, damaged or cannot be
written, everything is read again.
"""

import hashlib
import importlib.metadata
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
ROOMS = ("core", "inventory", "readers")  # whose code decides what is found
LIBRARIES = ("cfgrib", "eccodes", "netCDF4", "numpy", "openpyxl", "pandas", "pyhdf", "xarray")
UNSAVED = 500  # answers that a killed process loses at most
TABLE = "CREATE TABLE IF NOT EXISTS found (question TEXT PRIMARY KEY, state TEXT, answer TEXT)"
VERSION = "code"  # question to which the version of the code is the answer


class FoundBefore:
    """Answers by question, each valid for one state of what was asked about.

    Parameters
    ----------
    connection : sqlite3.Connection, optional
        Open file; without it, nothing is known and nothing is kept.
    """

    def __init__(self, connection: sqlite3.Connection | None = None) -> None:
        self.connection, self.unsaved = connection, 0

    def get(self, question: str, state: str) -> str | None:
        """Find the answer to a question, or None if there is none for this state."""
        if self.connection is None:
            return None
        query = "SELECT answer FROM found WHERE question = ? AND state = ?"
        with suppress(sqlite3.Error):
            row = self.connection.execute(query, (question, state)).fetchone()
            return None if row is None else str(row[0])
        return None

    def put(self, question: str, state: str, answer: str) -> None:
        """Keep an answer in place of any earlier one."""
        if self.connection is None:
            return
        with suppress(sqlite3.Error):
            row = (question, state, answer)
            self.connection.execute("INSERT OR REPLACE INTO found VALUES (?, ?, ?)", row)
            self.unsaved += 1
            if self.unsaved >= UNSAVED:
                self.save()

    def save(self) -> None:
        """Write what has been put."""
        if self.connection is not None:
            with suppress(sqlite3.Error):
                self.connection.commit()
        self.unsaved = 0


@contextmanager
def found_before(path: Path | None) -> Iterator[FoundBefore]:
    """Open the answers of earlier calls; those of another version of the code are dropped.

    Parameters
    ----------
    path : Path, optional
        Path of the sqlite file; nothing is kept if it is None or its folder does not exist.

    Yields
    ------
    FoundBefore
    """
    connection = None if path is None or not path.parent.is_dir() else _opened(path)
    if connection is None:
        yield FoundBefore()
        return
    with closing(connection):
        answers = FoundBefore(connection)
        try:
            yield answers
        finally:
            answers.save()


def _opened(path: Path) -> sqlite3.Connection | None:
    """Open the file; a damaged one is replaced."""
    for _ in range(2):
        try:
            return _of_this_code(sqlite3.connect(path, timeout=1.0))
        except sqlite3.OperationalError:  # cannot be opened or written, or is locked
            return None
        except sqlite3.DatabaseError:
            with suppress(OSError):
                path.unlink()
    return None


def _of_this_code(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        connection.execute(TABLE)
        version = code_version()
        known = connection.execute("SELECT state FROM found WHERE question = ?", (VERSION,))
        if known.fetchone() != (version,):
            connection.execute("DELETE FROM found")
            connection.execute("INSERT INTO found VALUES (?, ?, '')", (VERSION, version))
            connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def code_version() -> str:
    """SHA-256 of the code that reads and judges raw files, and of the versions of its libraries."""
    digest = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{content}  {path.relative_to(PACKAGE)}\n".encode())
    for name in LIBRARIES:
        with suppress(importlib.metadata.PackageNotFoundError):
            digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return digest.hexdigest()
