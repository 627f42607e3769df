import json
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
