import subprocess
import sys
from pathlib import Path

import pytest

from fluxprod.core.atomic_output import atomic_output, remove_unfinished_shards
from fluxprod.core.errors import DataError

KILLED = """
import os, signal, sys
from pathlib import Path
from fluxprod.core.atomic_output import atomic_output
with atomic_output(Path(sys.argv[1])) as temporary:
    temporary.mkdir()
    (temporary / "half").write_text("ha")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_old_output_stays_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "deep" / "a.nc"
    for text in ("old", "new"):
        with atomic_output(path) as temporary:
            temporary.write_text(text)
            assert text == "old" or path.read_text() == "old"
        assert path.read_text() == text
        assert list(path.parent.iterdir()) == [path]


def _interrupted(path, error):
    with atomic_output(path) as temporary:
        temporary.write_text("new")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_old_output_and_nothing_else(tmp_path, error):
    path = tmp_path / "a.nc"
    path.write_text("old")
    with pytest.raises(error):
        _interrupted(path, error)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_replaces_a_folder(tmp_path):
    for name in "ab":
        with atomic_output(tmp_path / "out.zarr") as temporary:
            temporary.mkdir()
            (temporary / name).touch()
    assert [path.name for path in tmp_path.rglob("*")] == ["out.zarr", "b"]


def test_leftovers_of_a_killed_run_are_not_part_of_the_next(tmp_path):
    path = tmp_path / "out.zarr"
    killed = subprocess.run([sys.executable, "-c", KILLED, path], check=False, timeout=120)
    assert killed.returncode == -9
    assert not path.exists()
    assert list(tmp_path.rglob("half"))
    with atomic_output(path) as temporary:
        temporary.mkdir()
    assert list(tmp_path.rglob("*")) == [path]


def test_two_simultaneous_runs_are_refused(tmp_path):
    path = tmp_path / "a.nc"
    with atomic_output(path) as temporary:
        temporary.write_text("first")
        with pytest.raises(DataError, match=r"\.a\.nc\.partial: lock: found another run at the"):
            atomic_output(path).__enter__()
        with atomic_output(tmp_path / "a.csv") as other:  # another output
            other.write_text("other")
    assert path.read_text() == "first"
    assert (tmp_path / "a.csv").read_text() == "other"


def test_a_worker_that_outlives_its_run_does_not_reach_the_next(tmp_path):
    path = tmp_path / "a.zarr"
    with pytest.raises(KeyboardInterrupt), atomic_output(path) as earlier:
        raise KeyboardInterrupt
    with atomic_output(path) as place:
        place.mkdir()
        earlier.mkdir(parents=True)
        (earlier / "late").touch()
    assert list(tmp_path.rglob("*")) == [path]


def test_a_worker_that_still_writes_does_not_disturb_the_run(tmp_path, stray):
    path = tmp_path / "a.zarr"
    for number in range(20):
        old = tmp_path / ".a.zarr.partial" / f"old{number}"
        for name in map(str, range(50)):  # removing them takes a while
            (old / name).mkdir(parents=True)
        with stray(old), atomic_output(path) as place:
            place.mkdir()
    assert list(path.iterdir()) == []


def test_a_shard_that_a_worker_finishes_meanwhile_is_kept(tmp_path, monkeypatch):
    unlink = Path.unlink

    def finished_first(file, **options):
        file.rename(tmp_path / "shard")
        unlink(file, **options)

    (tmp_path / "shard.8c1f.partial").touch()
    monkeypatch.setattr(Path, "unlink", finished_first)
    remove_unfinished_shards(tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "shard"]


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path):
    (tmp_path / "out").write_text("kept")
    with pytest.raises(DataError, match=r"out: output: found a place that cannot be written \(Not"):
        atomic_output(tmp_path / "out" / "a.nc").__enter__()
    assert (tmp_path / "out").read_text() == "kept"


def test_a_folder_where_nothing_can_be_made():
    with pytest.raises(DataError, match="found a place that cannot be written"):
        atomic_output(Path("/proc/none/a.nc")).__enter__()
