import json

from fluxprod.writers.product_manifest import write_manifest

# SHA-256 of "abc", the one-block example of FIPS 180-4
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_checksum_size_and_description(tmp_path):
    (tmp_path / "x.nc").write_bytes(b"abc")
    write_manifest(tmp_path, {"x.nc": "a file"}, {"version": "1"})
    assert json.loads((tmp_path / "manifest.json").read_text()) == {
        "version": "1",
        "files": [{"name": "x.nc", "sha256": ABC, "size": 3, "description": "a file"}],
    }


def test_a_store_is_one_entry_that_lists_its_parts(tmp_path):
    for name in ("zarr.json", "nee/c/0"):
        (tmp_path / "x.zarr" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x.zarr" / name).write_bytes(b"abc")
    write_manifest(tmp_path, {"x.zarr": "a store"}, {})
    (entry,) = json.loads((tmp_path / "manifest.json").read_text())["files"]
    assert list(entry["parts"]) == ["nee/c/0", "zarr.json"]
    assert entry["parts"]["nee/c/0"] == {"sha256": ABC, "size": 3}
    assert entry["size"] == 6
    # printf '%s  nee/c/0\n%s  zarr.json\n' ABC ABC | sha256sum
    assert entry["sha256"] == "e657064e92024f9efa300b55a9a69e4c372f45c57cc85fbbfb18e2f14adf66da"
