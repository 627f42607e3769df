import json

import pytest

from fluxprod.errors import DataError
from fluxprod.params import Synthesize, World
from fluxprod.stages import verify_raw
from fluxprod.stages.verify_raw import hashed
from fluxprod.writers.manifest import write_pins

PARAMS = {"world": World(2.0, 2001, 2008), "synthesize": Synthesize(1)}
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


def pin(raw, source, params):
    write_pins(raw.parent / f"{source}.pins.json", params, hashed(raw))


def test_same_bytes_pass_and_the_report_stays(raw):
    pin(raw, "observed", {})
    before = verify(raw, "observed")
    assert before["files"] == 2
    # pins of another folder change nothing for this one
    write_pins(raw.parent / "observed.pins.json", {}, hashed(raw) | {"modis/x.hdf": ("0", 1)})
    assert verify(raw, "observed") == before


def test_a_byte_a_file_less_and_a_file_more(raw):
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
    assert verify(raw, "synthetic", synthesize=Synthesize(2))["files"] == 2
    assert "unpinned" in capsys.readouterr().out


def test_a_synthetic_world_without_pins(raw, capsys):
    assert verify(raw, "synthetic")["files"] == 2
    assert "unpinned" in capsys.readouterr().out
