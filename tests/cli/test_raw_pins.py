import json
import os

import pytest


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data" / "raw" / "observed" / "era5"
    folder.mkdir(parents=True)
    (folder / "a.nc").write_bytes(b"abc")
    (folder / "b.nc").write_bytes(b"b")
    (tmp_path / "params.yaml").write_text("source: observed\n")
    return folder


def manifest(folder):
    return json.loads((folder.parents[1] / "observed.pins.json").read_text())


def test_pin_writes_the_manifest(run, workspace):
    result = run("raw", "pin")
    assert result.exit_code == 0, result.output
    assert "pinned 2 files" in result.stdout
    pins = manifest(workspace)
    assert pins["params"] == {}
    assert list(pins["files"]) == ["era5/a.nc", "era5/b.nc"]
    # FIPS 180-2, appendix B; nothing of this machine is in a committed file
    assert pins["files"]["era5/a.nc"]["sha256"].startswith("ba7816bf")
    assert pins["files"]["era5/a.nc"].keys() == {"sha256", "size"}


def test_verify_names_what_changed(run, workspace):
    assert run("raw", "verify").exit_code == 1  # no pins yet
    run("raw", "pin")
    assert "2 files match their pins" in run("raw", "verify").stdout
    (workspace / "a.nc").write_bytes(b"abd")
    (workspace / "c.nc").write_bytes(b"c")
    result = run("raw", "verify")
    assert result.exit_code == 1
    assert "1 changed (era5/a.nc), 1 additional (era5/c.nc)" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_change_under_the_old_time_needs_the_full_reading(run, workspace):
    run("raw", "pin")
    path, before = workspace / "a.nc", (workspace / "a.nc").stat()
    with path.open("r+b") as file:
        file.write(b"x")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert run("raw", "verify").exit_code == 0
    assert run("raw", "verify", "--full").exit_code == 1
    old = manifest(workspace)
    assert run("raw", "pin").exit_code == 0
    new = manifest(workspace)
    assert new["files"]["era5/a.nc"] != old["files"]["era5/a.nc"]


def test_a_link_to_nothing_is_not_pinned(run, workspace):
    (workspace / "c.nc").symlink_to("gone")
    result = run("raw", "pin")
    assert result.exit_code == 1
    assert "a link to gone, which does not exist" in result.stderr
    assert not (workspace.parents[1] / "observed.pins.json").exists()


def test_a_world_without_folder(run, workspace):
    result = run("raw", "pin", "--source", "synthetic")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
