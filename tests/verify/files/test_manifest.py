import json
import os
import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxprod.core.errors import DataError
from fluxprod.verify.files.manifest import read_product_manifest

SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
HEADER = {"title": "t", "version": "1", "world": "observed", "doi": ""}
FILE = {"name": "x.nc", "sha256": SHA, "size": 3, "description": "a file"}

SIZES = [1e300, 2**63, 10**30, -(10**30), True, False, None, 3.0, [], {}, "3" * 10**6]


def text(**changes):
    return json.dumps({**HEADER, "files": [FILE], **changes})


def test_files_and_parts_by_name(tmp_path):
    store = {**FILE, "name": "x.zarr", "parts": {"nee/c/0": {"sha256": SHA, "size": 3}}}
    (tmp_path / "manifest.json").write_text(text(files=[FILE, store]))
    manifest = read_product_manifest(tmp_path)
    assert (manifest.title, manifest.version, manifest.world, manifest.doi) == tuple(
        HEADER.values()
    )
    assert manifest.files["x.nc"] == (SHA, 3, None, "a file")
    assert manifest.files["x.zarr"].parts == {"nee/c/0": (SHA, 3)}


def test_none(tmp_path):
    with pytest.raises(DataError, match=r"manifest\.json: file: found no such file, expected"):
        read_product_manifest(tmp_path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "found a file that is not JSON"),
        ("[]", "found JSON of another structure"),
        ("null", "found JSON of another structure"),
        ('{"files": []}', "found no entry 'title'"),
        ("[" * 100_000, "found a file that is not JSON"),
        (text(version=1), "1 is not text"),
        (text(files=[FILE, FILE]), "'x.nc' is listed twice"),
        (text(files=[{**FILE, "name": "../x.nc"}]), "'../x.nc' is not a relative path"),
        (text(files=[{**FILE, "name": "/x.nc"}]), "'/x.nc' is not a relative path"),
        (text(files=[{**FILE, "name": "a/x.nc"}]), "lies in a folder"),
        (text(files=[{**FILE, "name": "."}]), "'.' is not a relative path"),
        (text(files=[{**FILE, "sha256": SHA[:-1]}]), "is not 64 hexadecimal digits"),
        (text(files=[{**FILE, "size": "3"}]), "'3' is not a number of bytes"),
        (text(files=[{**FILE, "size": -1}]), "-1 is not a number of bytes"),
        (text(files=[{**FILE, "parts": {"../x": FILE}}]), "'../x' is not a relative path"),
        (text(files=[{**FILE, "parts": []}]), "found JSON of another structure"),
        *((text(files=[{**FILE, "size": size}]), "is not a number of bytes") for size in SIZES),
        (text().replace(": 3", ": 1" + "0" * 5000), "the number 1000"),
        (text().replace(": 3", ": NaN"), "the number NaN"),
        (text(files=[{**FILE, "sha256": [SHA]}]), "a list is not 64 hexadecimal digits"),
        (text(files=[{**FILE, "name": "\ud800.nc"}]), "found a file that is not JSON"),
        (text(files=[{**FILE, "name": "x" * 10**6 + "/y"}]), "... is listed twice or lies in"),
        (text().replace('"size": 3', '"size": 3, "size": 4'), "the key 'size' twice"),
        ('{"files":' * 100_000, "nested too deeply"),
        (text(files=[FILE] * 10_001), "10001 files, more than 10000"),
        (text(title="x" * 2**26), "bytes, more than 67108864"),
        (text(files={"x.nc": FILE}), "found JSON of another structure"),
    ],
)
def test_what_is_no_manifest(tmp_path, content, why):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(DataError, match="manifest: found") as error:
        read_product_manifest(tmp_path)
    assert why in str(error.value)
    assert "download it again" in str(error.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(string.printable, max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*HEADER, "files", *FILE, "parts"]), inner, max_size=5)
    ),
    max_leaves=10,
)


@given(content=JSON)
def test_any_json_is_a_manifest_or_one_error(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    (folder / "manifest.json").write_text(text(**content) if type(content) is dict else "1")
    with suppress(DataError):
        read_product_manifest(folder)


def test_no_pipe_is_opened(tmp_path):
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(DataError, match="found a pipe, expected the manifest"):
        read_product_manifest(tmp_path)
