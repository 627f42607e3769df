"""Content of GeoTIFF files of MODIS products, from their first bytes."""

import pytest

from fluxprod.inventory.folder import raw_records

NAME = "MOD13C1.A2005001.061.2020001000000.tif"


def problems(path):
    (record,) = raw_records(path, path.name, min_qc=0.75, scan=False)
    return record.readable, record.problems


@pytest.mark.parametrize("content", [b"503 Service Unavailable", b"%PDF-1.4"])
def test_a_tif_that_is_none(tmp_path, content):
    path = tmp_path / NAME
    path.write_bytes(content)
    readable, (problem,) = problems(path)
    assert not readable
    assert f"file: found one that begins with {content[:4]!r}, expected a TIFF file" in problem


@pytest.mark.parametrize("start", [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"])
def test_both_byte_orders_and_both_sizes(tmp_path, start):
    path = tmp_path / NAME
    path.write_bytes(start + bytes(8))
    assert problems(path) == (True, [])


def test_an_empty_tif(tmp_path):
    path = tmp_path / NAME
    path.touch()
    readable, (problem,) = problems(path)
    assert not readable
    assert "empty" in problem
