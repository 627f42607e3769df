import json

from fluxprod.writers.product_manifest import write_manifest

# SHA-256 of "abc", from FIPS 180-4, example of one block
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_checksum_size_and_description(tmp_path):
    (tmp_path / "x.nc").write_bytes(b"abc")
    write_manifest(tmp_path, {"x.nc": "a file"}, {"version": "1"})
    assert json.loads((tmp_path / "manifest.json").read_text()) == {
        "version": "1",
        "files": [{"name": "x.nc", "sha256": ABC, "size": 3, "description": "a file"}],
    }
