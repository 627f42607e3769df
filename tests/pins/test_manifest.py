import hashlib
import json

import pytest

from fluxprod.core.errors import DataError
from fluxprod.pins.manifest import read_pins, write_pins
from fluxprod.pins.pin import Pin, combined
from fluxprod.pins.pinned_files import PinnedFiles

# SHA-256 of nothing and of "abc": FIPS 180-2, appendix B
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_pins_survive_the_manifest(tmp_path):
    pins = {"b.csv": Pin(NOTHING, 0), "a/x.nc": Pin(ABC, 3)}
    write_pins(tmp_path / "pins.json", {"seed": 1}, pins)
    assert read_pins(tmp_path / "pins.json") == ({"seed": 1}, PinnedFiles(pins, {}))
    # it is committed: no trace of the machine, and in an order that keeps diffs readable
    assert json.loads((tmp_path / "pins.json").read_text()) == {
        "params": {"seed": 1},
        "files": {"a/x.nc": {"sha256": ABC, "size": 3}, "b.csv": {"sha256": NOTHING, "size": 0}},
    }


def test_a_large_folder_is_pinned_by_groups(tmp_path):
    tiles = [f"modis/T.A{year}.{tile:03d}.hdf" for year in (2001, 2002) for tile in range(600)]
    pins = {"era5/a.nc": Pin(ABC, 3), **{name: Pin(NOTHING, 2) for name in tiles}}
    path = tmp_path / "pins.json"
    pinned = write_pins(path, {}, pins)
    assert read_pins(path) == ({}, pinned)
    lines = "".join(f"{NOTHING}  {name}\n" for name in tiles[:600])  # as sha256sum prints them
    content = json.loads(path.read_text())
    assert content["files"] == {"era5/a.nc": {"sha256": ABC, "size": 3}}
    assert list(content["groups"]) == ["modis/T.A2001*", "modis/T.A2002*"]
    assert content["groups"]["modis/T.A2001*"] == {
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
        "size": 1200,
        "files": 600,
    }
    assert path.stat().st_size < 1000


def test_combined_hash_is_that_of_a_checksum_file():
    pins = {"b": Pin("22", 1), "a": Pin("11", 1)}
    assert combined(pins) == hashlib.sha256(b"11  a\n22  b\n").hexdigest()


def entry(size="3", sha256=f'"{ABC}"', more=""):
    return f'{{"sha256": {sha256}, "size": {size}{more}}}'


def manifest(files="", groups=""):
    return f'{{"params": {{}}, "files": {{{files}}}, "groups": {{{groups}}}}}'


SHORT, OF_TWO = entry(sha256='"ba78"'), entry(more=', "files": 2')
SIZES = ["-1", "1e300", "1e999", "true", '"3"', "null", "NaN", "Infinity", "3.0", "[]"]
SIZES += ["1" + "0" * 30, "1" + "0" * 5000]
BROKEN = {
    "empty": "",
    "a list": "[]",
    "another key": '{"params": {}, "files": {"a": {"sha": 1}}}',
    "deep": "[" * 100_000,
    "deep params": '{"params": ' + '{"a":' * 100_000,
    "a name twice": manifest(f'"a": {entry()}, "a": {entry()}'),
    "a short hash": manifest(f'"a": {SHORT}'),
    "a hash that is a number": manifest(f'"a": {entry(sha256="1")}'),
    "a group without a star": manifest(groups=f'"a": {OF_TWO}'),
    "a group without number": manifest(groups=f'"a*": {entry()}'),
    "files as text": '{"params": {}, "files": "none"}',
    **{f"size {size}": manifest(f'"a": {entry(size)}') for size in SIZES},
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=[name[:20] for name in BROKEN])
def test_a_file_that_is_not_a_manifest(tmp_path, text):
    path = tmp_path / "pins.json"
    path.write_text(text)
    with pytest.raises(DataError, match="manifest: found a file that is not a manifest") as error:
        read_pins(path)
    assert "\n" not in str(error.value)


def test_no_manifest(tmp_path):
    with pytest.raises(DataError, match="manifest: found no such file"):
        read_pins(tmp_path / "pins.json")
    (tmp_path / "pins.json").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="manifest: found a file that is not a manifest"):
        read_pins(tmp_path / "pins.json")
