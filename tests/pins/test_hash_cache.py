import os
import sqlite3
from contextlib import closing

import pytest

from fluxprod.core.errors import DataError
from fluxprod.pins import hash_cache
from fluxprod.pins.hash_cache import cache_of
from fluxprod.pins.hash_store import HashStore, open_store
from fluxprod.pins.pin import Pin

# SHA-256 of "abc" and of nothing: FIPS 180-2, appendix B
ABC = Pin("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3)
NOTHING = Pin("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0)


@pytest.fixture
def files(tmp_path):
    contents = {"z/abc.nc": b"abc", "nothing.csv": b""}
    paths = {name: tmp_path / "raw" / name for name in contents}
    for name, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[name])
    return paths


@pytest.fixture
def cache(tmp_path):
    return tmp_path / ".raw.hashes.sqlite"


def hashed(files, cache, **options):
    with open_store(cache) as store:
        return hash_cache.hashed(files, store, **options)


def stored(cache):
    """Names in the store, read by sqlite3 itself."""
    with closing(sqlite3.connect(cache)) as database:
        return [name for (name,) in database.execute("SELECT name FROM hashes ORDER BY name")]


@pytest.fixture
def reads(monkeypatch):
    """Names of the files that are actually read."""
    names, real = [], hash_cache._hash
    monkeypatch.setattr(
        hash_cache, "_hash", lambda path, advance: (names.append(path.name), real(path, advance))[1]
    )
    return names


def test_published_hashes_in_the_order_of_the_files(files, cache):
    assert list(hashed(files, cache).items()) == [("z/abc.nc", ABC), ("nothing.csv", NOTHING)]


def test_unchanged_files_are_not_read_again(files, cache, reads):
    first = hashed(files, cache)
    assert sorted(reads) == ["abc.nc", "nothing.csv"]
    reads.clear()
    assert hashed(files, cache) == first
    assert reads == []
    assert hashed(files, cache, full=True) == first
    assert sorted(reads) == ["abc.nc", "nothing.csv"]


def test_size_mtime_or_inode_reveal_a_change(files, cache, reads):
    path = files["z/abc.nc"]
    path.write_bytes(b"abd")
    hashed(files, cache)
    status = path.stat()
    for change in (
        lambda: path.write_bytes(b"abcd"),
        lambda: os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1)),
        lambda: (
            path.with_suffix(".new").write_bytes(b"abc") and path.with_suffix(".new").replace(path)
        ),
    ):
        reads.clear()
        change()
        found = hashed(files, cache)
        assert reads == ["abc.nc"]
    assert found["z/abc.nc"] == ABC


def test_interrupted_hashing_resumes_where_it_stopped(files, cache, reads, monkeypatch):
    def stop(size):
        if size == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(hash_cache, "THREADS", 1)
    monkeypatch.setattr(hash_cache, "TASK_FILES", 1)
    ordered = {name: files[name] for name in ("nothing.csv", "z/abc.nc")}
    with pytest.raises(KeyboardInterrupt):
        hashed(ordered, cache, advance=stop)
    assert stored(cache) == ["nothing.csv"]
    reads.clear()
    assert hashed(ordered, cache)["z/abc.nc"] == ABC
    assert reads == ["abc.nc"]


def test_the_store_is_written_at_intervals_and_each_hash_once(files, cache, monkeypatch):
    """A killed process cannot save anything when it ends."""
    saved = []
    monkeypatch.setattr(hash_cache, "SAVE_FILES", 1)
    monkeypatch.setattr(hash_cache, "TASK_FILES", 1)
    monkeypatch.setattr(HashStore, "save", lambda store, hashes: saved.append(sorted(hashes)))
    hashed(files, cache)
    assert sorted(saved) == [[], ["nothing.csv"], ["z/abc.nc"]]


def test_progress_is_reported_in_bytes_whether_read_or_cached(files, cache):
    for full in (True, False):
        done = []
        hashed(files, cache, full=full, advance=done.append)
        assert sum(done) == 3


@pytest.mark.parametrize("content", [b"", b"[]", b"SQLite format 3\0" + bytes(200), b"\0"])
def test_a_damaged_store_is_replaced(files, cache, content, reads):
    cache.write_bytes(content)
    assert hashed(files, cache)["nothing.csv"] == NOTHING
    reads.clear()
    hashed(files, cache)
    assert reads == []


def test_a_store_of_another_structure_stops_nothing(files, cache):
    with closing(sqlite3.connect(cache)) as database:
        database.execute("CREATE TABLE hashes (name TEXT)")
    assert hashed(files, cache)["nothing.csv"] == NOTHING


def test_a_file_that_changes_while_it_is_hashed(files, cache):
    path = files["z/abc.nc"]
    with pytest.raises(DataError, match="changed while it was hashed"):
        hashed(files, cache, advance=lambda size: size and path.write_bytes(b"abcd"))


def test_a_missing_file(cache):
    with pytest.raises(DataError, match="gone.nc: file: found no such file, expected a readable"):
        hashed({"gone.nc": cache.with_name("gone.nc")}, cache)


def test_name_of_the_store(tmp_path):
    assert cache_of(tmp_path / "observed.pins.json") == tmp_path / ".observed.hashes.sqlite"


def test_a_store_that_cannot_be_written_stops_nothing(files):
    no_folder = files["nothing.csv"] / ".raw.hashes.sqlite"
    assert hashed(files, no_folder) == {"z/abc.nc": ABC, "nothing.csv": NOTHING}
