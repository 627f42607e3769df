"""A pin that is killed loses little, and the next one continues."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

from tests.as_user import LIMIT, fluxprod

FILES = 25_000


def saved(store):
    """Number of hashes in a store, which another process may be writing."""
    try:
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
            return database.execute("SELECT count(*) FROM hashes").fetchone()[0]
    except sqlite3.Error:
        return 0


def test_the_next_pin_continues(tmp_path):
    folder = tmp_path / "data" / "raw" / "observed" / "modis"
    folder.mkdir(parents=True)
    for number in range(FILES):
        (folder / f"{number:05d}.hdf").write_text(str(number))
    store = folder.parents[1] / ".observed.hashes.sqlite"
    words = ["raw", "pin", "--source", "observed"]
    with subprocess.Popen(
        [sys.executable, "-m", "fluxprod.cli.main", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        limit = time.monotonic() + LIMIT
        while not saved(store) and process.poll() is None:
            assert time.monotonic() < limit
        os.killpg(process.pid, signal.SIGKILL)
    kept = saved(store)
    assert 5000 <= kept < FILES
    assert not folder.parent.with_name("observed.pins.json").exists()
    with closing(sqlite3.connect(store)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        # a hash that is no hash shows which files are not read again
        database.execute("UPDATE hashes SET sha256 = ?", ("0" * 64,))
        database.commit()
    assert fluxprod(tmp_path, *words)[1].startswith(f"pinned {FILES} files")
    with closing(sqlite3.connect(store)) as database:
        trusted = "SELECT count(*) FROM hashes WHERE sha256 = ?"
        assert database.execute(trusted, ("0" * 64,)).fetchone() == (kept,)
    assert fluxprod(tmp_path, *words, "--full")[0] == 0
    assert fluxprod(tmp_path, "raw", "verify", "--source", "observed")[0] == 0
