import hashlib

import pytest

from fluxprod.errors import DataError
from fluxprod.readers.manifest import Pin, combined, differences, pins_of, read_pins
from fluxprod.writers.manifest import write_pins


def test_hashes_survive_the_manifest(tmp_path):
    paths = []
    for name, content in (("a/x.nc", b"abc"), ("b.csv", b"")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    pins = dict(pins_of(paths, tmp_path))
    # SHA-256 of "abc" and of nothing: FIPS 180-2, appendix B
    assert pins["a/x.nc"] == Pin(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3
    )
    assert pins["b.csv"] == Pin(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0
    )
    write_pins(tmp_path / "pins.json", {"seed": 1}, pins)
    assert read_pins(tmp_path / "pins.json") == ({"seed": 1}, pins)


def test_differences_are_counted_and_named():
    pinned = {name: Pin("1", 1) for name in "abcdefg"}
    found = {"a": Pin("1", 1), "b": Pin("2", 1), "z": Pin("1", 1)}
    unlike = differences(pinned, found)
    assert unlike == (["b"], ["c", "d", "e", "f", "g"], ["z"])
    assert str(unlike) == "1 changed (b), 5 missing (c, d, e, f, g), 1 additional (z)"
    assert "6 missing (a, c, d, e, f, ...)" in str(differences(pinned, {"b": Pin("1", 1)}))
    assert not any(differences(pinned, dict(pinned)))


def test_combined_hash_is_that_of_a_checksum_file():
    pins = {"b": Pin("22", 1), "a": Pin("11", 1)}
    assert combined(pins) == hashlib.sha256(b"11  a\n22  b\n").hexdigest()


def test_what_is_no_manifest(tmp_path):
    path = tmp_path / "pins.json"
    for text in ("", "[]", '{"params": {}, "files": {"a": {"sha": 1}}}'):
        path.write_text(text)
        with pytest.raises(DataError, match="manifest: found unreadable"):
            read_pins(path)
