import os
import shutil

import pytest

from fluxprod.pins.pin import Pin
from fluxprod.verify.files.checksums import absent_parts, checksum_faults, kind_faults, unlisted
from fluxprod.verify.files.manifest import Entry, ProductManifest

# SHA-256 of "abc", from FIPS 180-4, example of one block
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
PARTS = {name: Pin(ABC, 3) for name in ("nee/c/0", "zarr.json")}
# printf '%s  nee/c/0\n%s  zarr.json\n' ABC ABC | sha256sum
STORE = Entry("e657064e92024f9efa300b55a9a69e4c372f45c57cc85fbbfb18e2f14adf66da", 6, PARTS)
FILE = Entry(ABC, 3, None)


@pytest.fixture
def folder(tmp_path):
    for name in ("x.nc", "x.zarr/nee/c/0", "x.zarr/zarr.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"abc")
    return tmp_path


def faults(path, entry):
    read = []
    return checksum_faults(path, entry, read.append), sum(read)


def test_right_bytes_are_all_read(folder):
    assert faults(folder / "x.nc", FILE) == ([], 3)
    assert faults(folder / "x.zarr", STORE) == ([], 6)


def test_a_changed_byte(folder):
    (folder / "x.nc").write_bytes(b"abd")
    # printf abd | sha256sum
    assert faults(folder / "x.nc", FILE)[0] == [
        "SHA-256: found a52d159f262b..., manifest ba7816bf8f01..."
    ]


def test_a_truncated_file(folder):
    (folder / "x.nc").write_bytes(b"ab")
    assert faults(folder / "x.nc", FILE)[0] == ["size: found 2 bytes, manifest 3"]


def test_folder_and_file_exchanged(folder):
    assert kind_faults(folder / "x.zarr", FILE) == ["found a folder, expected a file"]
    assert kind_faults(folder / "x.nc", STORE) == ["found a file, expected a folder"]
    assert kind_faults(folder / "x.nc", FILE) == kind_faults(folder / "x.zarr", STORE) == []


def test_what_could_block_for_ever_is_not_opened(folder):
    os.mkfifo(folder / "pipe.nc")
    assert kind_faults(folder / "pipe.nc", FILE) == ["found a pipe, expected a file"]
    (folder / "null.nc").symlink_to("/dev/null")
    assert kind_faults(folder / "null.nc", FILE) == ["found a device, expected a file"]
    os.mkfifo(folder / "x.zarr" / "nee" / "zarr.json")
    (folder / "x.zarr" / "more").symlink_to(folder)
    assert kind_faults(folder / "x.zarr", STORE) == [
        "neither files nor folders: 2 parts: more (a link to a folder), nee/zarr.json (a pipe)"
    ]
    (folder / "x.zarr" / "more").unlink()
    (folder / "x.zarr" / "more").symlink_to("nowhere")
    assert len(kind_faults(folder / "x.zarr", STORE)) == 1


def test_every_part_of_a_store_that_is_wrong(folder):
    store = folder / "x.zarr"
    (store / "nee/c/0").write_bytes(b"abd")
    (store / "zarr.json").unlink()
    (store / "nee/c/1").write_bytes(b"abc")
    assert absent_parts(store, STORE) == ["zarr.json"]
    assert faults(store, STORE)[0] == [
        "absent: zarr.json",
        "not in the manifest: nee/c/1",
        "changed: nee/c/0 (SHA-256: found a52d159f262b..., manifest ba7816bf8f01...)",
    ]


def test_many_parts_are_counted(folder):
    shutil.rmtree(folder / "x.zarr")
    (folder / "x.zarr").mkdir()
    parts = {f"c/{n}": Pin(ABC, 3) for n in range(5)}
    found, _ = faults(folder / "x.zarr", STORE._replace(parts=parts))
    assert "absent: 5 parts: c/0, c/1, c/2, ..." in found


def test_the_sum_of_a_store_is_stale(folder):
    stale = STORE._replace(sha256=ABC, size=7)
    assert faults(folder / "x.zarr", stale)[0] == [
        "SHA-256 of the store in the manifest is not that of its listed parts",
        "size of the store in the manifest: 7 bytes, of its parts 6",
    ]


def test_names_that_are_not_listed(folder):
    manifest = ProductManifest("t", "1", "observed", "", {"x.nc": FILE})
    (folder / "manifest.json").touch()
    (folder / "ro-crate-metadata.json").touch()
    assert unlisted(folder, manifest) == ["x.zarr"]
