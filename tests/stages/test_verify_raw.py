import json
import os

import pytest

from fluxprod.core.errors import DataError
from fluxprod.core.world import World
from fluxprod.pins.hash_cache import cache_of
from fluxprod.pins.manifest import write_pins
from fluxprod.pins.pin import Pin
from fluxprod.stages import verify_raw
from fluxprod.stages.verify_raw import folder_pins
from fluxprod.synthetic.settings import EarthSettings

PARAMS = {
    "world": World(resolution=2.0, first_year=2001, last_year=2008),
    "synthesize": EarthSettings(seed=1),
}
MADE_WITH = {
    "synthesize": {"seed": 1},
    "world": {"resolution": 2.0, "first_year": 2001, "last_year": 2008},
}


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "era5"
    folder.mkdir()
    for name in ("a.nc", "b.nc"):
        (folder / name).write_text(name)
    return folder


def verify(raw, source, **changes):
    pins, report = raw.parent / f"{source}.pins.json", raw.parent / "report.json"
    verify_raw.main(raw=raw, pins=pins, report=report, **(PARAMS | changes))
    return json.loads(report.read_text())


def pins_of(raw, source="observed"):
    return folder_pins(raw, raw.parent, cache_of(raw.parent / f"{source}.pins.json"))


def pin(raw, source, params):
    write_pins(raw.parent / f"{source}.pins.json", params, pins_of(raw, source))


def test_same_bytes_pass_and_the_report_stays(raw):
    pin(raw, "observed", {})
    before = verify(raw, "observed")
    assert before["files"] == 2
    # pins of another folder change nothing for this one
    others = pins_of(raw) | {"modis/x.hdf": Pin("0" * 64, 1)}
    write_pins(raw.parent / "observed.pins.json", {}, others)
    assert verify(raw, "observed") == before


def test_changed_missing_and_additional_files_are_named(raw):
    pin(raw, "observed", {})
    (raw / "a.nc").write_text("A.nc")
    (raw / "b.nc").rename(raw / "c.nc")
    with pytest.raises(DataError) as error:
        verify(raw, "observed")
    found = "1 changed (era5/a.nc), 1 missing (era5/b.nc), 1 additional (era5/c.nc)"
    assert found in str(error.value)
    assert not (raw.parent / "report.json").exists()


def test_observed_files_need_pins(raw):
    with pytest.raises(DataError, match="run fluxprod raw pin"):
        verify(raw, "observed")


def test_another_synthetic_world_is_unpinned(raw, capsys):
    pin(raw, "synthetic", MADE_WITH)
    verify(raw, "synthetic")
    assert not capsys.readouterr().out
    (raw / "a.nc").write_text("of another seed")
    with pytest.raises(DataError, match="1 changed"):
        verify(raw, "synthetic")
    assert verify(raw, "synthetic", synthesize=EarthSettings(seed=2))["files"] == 2
    assert "unpinned" in capsys.readouterr().out


def test_a_synthetic_world_without_pins(raw, capsys):
    assert verify(raw, "synthetic")["files"] == 2
    assert "unpinned" in capsys.readouterr().out


def flip(path):
    """Change one byte; size and inode stay."""
    with path.open("r+b") as file:
        first = file.read(1)
        file.seek(0)
        file.write(bytes([first[0] ^ 1]))


def test_a_byte_that_flips_stops_the_run(raw):
    pin(raw, "observed", {})
    flip(raw / "b.nc")
    with pytest.raises(DataError, match=r"1 changed \(era5/b.nc\)"):
        verify(raw, "observed")


def test_a_flip_under_the_old_mtime_is_seen_by_the_full_check_only(raw, monkeypatch):
    pin(raw, "observed", {})
    before = (raw / "a.nc").stat()
    flip(raw / "a.nc")
    os.utime(raw / "a.nc", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert verify(raw, "observed")["files"] == 2
    monkeypatch.setenv("FLUXPROD_FULL_HASH", "1")
    with pytest.raises(DataError, match=r"1 changed \(era5/a.nc\)"):
        verify(raw, "observed")


def test_a_broken_link_stops_the_run(raw):
    pin(raw, "observed", {})
    (raw / "c.nc").symlink_to(raw / "gone.nc")
    with pytest.raises(DataError, match="a link to .*gone.nc, which does not exist"):
        verify(raw, "observed")


def test_a_folder_on_another_disk_is_pinned_through_its_link(raw, tmp_path, tmp_path_factory):
    pin(raw, "observed", {})
    there = raw.rename(tmp_path_factory.mktemp("disk") / "era5")
    raw.symlink_to(there, target_is_directory=True)
    assert verify(raw, "observed")["files"] == 2
    assert "era5/a.nc" in folder_pins(tmp_path, tmp_path, tmp_path / "cache.json")


def test_a_folder_with_two_names_is_pinned_under_both(raw, tmp_path):
    """In whatever order the file system lists them."""
    (tmp_path / "disk").symlink_to(raw, target_is_directory=True)
    named = folder_pins(tmp_path, tmp_path, tmp_path / "cache.json")
    assert {"era5/a.nc", "disk/a.nc"} < set(named)
