import hashlib
import json

import pytest

from fluxprod.core.errors import DataError
from fluxprod.pins.manifest import Pin, combined, differences, read_pins, write_pins


def test_pins_survive_the_manifest(tmp_path):
    pins = {"b.csv": Pin("e3b0", 0), "a/x.nc": Pin("ba78", 3)}
    write_pins(tmp_path / "pins.json", {"seed": 1}, pins)
    assert read_pins(tmp_path / "pins.json") == ({"seed": 1}, pins)
    # it is committed: no trace of the machine, and in an order that keeps diffs readable
    assert json.loads((tmp_path / "pins.json").read_text()) == {
        "params": {"seed": 1},
        "files": {"a/x.nc": {"sha256": "ba78", "size": 3}, "b.csv": {"sha256": "e3b0", "size": 0}},
    }


def test_differences_are_counted_and_named():
    pinned = {name: Pin("1", 1) for name in "abcdefg"}
    found = {"a": Pin("1", 1), "b": Pin("2", 1), "z": Pin("1", 1)}
    result = differences(pinned, found)
    assert result == (["b"], ["c", "d", "e", "f", "g"], ["z"])
    assert str(result) == "1 changed (b), 5 missing (c, d, e, f, g), 1 additional (z)"
    assert "6 missing (a, c, d, e, f, ...)" in str(differences(pinned, {"b": Pin("1", 1)}))
    assert not any(differences(pinned, dict(pinned)))


def test_combined_hash_is_that_of_a_checksum_file():
    pins = {"b": Pin("22", 1), "a": Pin("11", 1)}
    assert combined(pins) == hashlib.sha256(b"11  a\n22  b\n").hexdigest()


def test_a_file_that_is_not_a_manifest(tmp_path):
    path = tmp_path / "pins.json"
    with pytest.raises(DataError, match="manifest: found no such file"):
        read_pins(path)
    for text in ("", "[]", '{"params": {}, "files": {"a": {"sha": 1}}}'):
        path.write_text(text)
        with pytest.raises(DataError, match="manifest: found a file that is not a manifest"):
            read_pins(path)
