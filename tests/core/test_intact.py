"""Checksums against published digests, and every changed bit of small files."""

import hashlib
import json

import numpy as np
import pytest

from fluxprod.core.intact import (
    content_of,
    digest,
    last_line,
    unwritten,
    with_checksum,
    without_checksum,
)

TABLE = b"test,found\nbudget,-1.3\n"


def flipped(content):
    """Each version of the content with one changed bit."""
    for position in range(8 * len(content)):
        changed = bytearray(content)
        changed[position // 8] ^= 1 << position % 8
        yield bytes(changed)


def test_the_digest_is_sha_256():
    """FIPS 180-4, example of one block."""
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_last_line_is_that_of_sha256sum():
    assert last_line(b"abc") == f"# sha256 {hashlib.sha256(b'abc').hexdigest()}\n".encode()
    assert bytes(content_of(TABLE + last_line(TABLE))) == TABLE


def test_a_file_without_a_checksum_is_all_content():
    assert bytes(content_of(TABLE)) == TABLE
    assert bytes(content_of(b"")) == b""


def test_every_flipped_bit_of_the_content_is_noticed():
    for changed in flipped(TABLE):
        with pytest.raises(ValueError, match="SHA-256 of its last line"):
            content_of(changed + last_line(TABLE))


def test_every_flipped_bit_of_json_is_noticed_or_without_effect():
    content = {"sha256": "ab", "files": 7, "name": "Réunion", "share": 0.1}
    text = json.dumps(with_checksum(content), ensure_ascii=False).encode()
    for changed in flipped(text):
        try:
            found = without_checksum(json.loads(changed))
        except ValueError:  # neither JSON nor UTF-8, or another checksum
            continue
        assert {key: found.get(key) for key in content} == content


@pytest.mark.parametrize(
    ("dtype", "value"),
    [("i2", -32767), ("i4", -2147483647), ("f4", np.float32(9.969209968386869e36))],
)
def test_what_was_never_written_is_the_default_of_netcdf(dtype, value):
    """NetCDF-C, netcdf.h: NC_FILL_SHORT, NC_FILL_INT and NC_FILL_FLOAT."""
    assert unwritten(np.dtype(dtype)) == value


@pytest.mark.parametrize("dtype", ["bool", "U5", "S1", object])
def test_other_types_have_no_such_value(dtype):
    assert unwritten(np.dtype(dtype)) is None
