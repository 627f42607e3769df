import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhdf.SD import SD, SDC

from fluxprod.core.errors import DataError
from fluxprod.readers.modis.grid import check_corners, open_grid, read_layer, read_sds
from fluxprod.readers.modis.layer import Layer, step_of
from fluxprod.readers.modis.pixels import Pixels

NDVI = Layer("CMG 0.05 Deg 16 days NDVI", -3000, (-2000, 10000), 1e-4)
RAW = np.array([[-3000, -2000, 10000, 10001], [0, 1, 2, -2001]], np.int16)


def read(path):
    with open_grid(path) as grid:
        return read_layer(grid, NDVI)


def write(path, name="CMG 0.05 Deg 16 days NDVI", raw=RAW, structure="", **attributes):
    file = SD(str(path), SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    file.attr("StructMetadata.0").set(SDC.CHAR, structure or "END")
    dataset = file.create(name, SDC.INT16, raw.shape)
    dataset.attr("_FillValue").set(SDC.INT16, int(attributes.get("fill", -3000)))
    dataset.attr("scale_factor").set(SDC.FLOAT64, attributes.get("scale_factor", 10000.0))
    dataset.attr("add_offset").set(SDC.FLOAT64, attributes.get("add_offset", 0.0))
    dataset[:] = raw
    dataset.endaccess()
    file.end()
    return path


@pytest.mark.parametrize("scale_factor", [10000.0, 0.0001])
def test_both_scale_conventions_give_the_same(tmp_path, scale_factor):
    values = read(write(tmp_path / "a.hdf", scale_factor=scale_factor))
    expected = [[0, 0.0001, 0.0002, np.nan], [np.nan, -0.2, 1.0, np.nan]]  # south first
    np.testing.assert_allclose(values, expected, atol=1e-7)


def test_step_of():
    assert step_of(10000.0) == pytest.approx(1e-4)
    assert step_of(0.02) == 0.02
    assert step_of(None) is None
    assert step_of("n/a") is None


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"fill": -9999}, "_FillValue -9999, expected -3000"),
        ({"scale_factor": 0.01}, "scale_factor 0.01, expected 0.0001 per raw unit"),
        ({"add_offset": 1.0}, "add_offset 1.0, expected 0"),
        ({"raw": RAW.reshape(4, 2)}, r"shape \(4, 2\), expected a global grid"),
        ({"name": "CMG NDVI"}, r"found \['CMG NDVI'\], expected one dataset of that name"),
        ({"structure": "LowerRightMtrs=(0.000000,-90000000.000000)"}, r"found \(0.0, -90.0\)"),
    ],
)
def test_faults_are_named(tmp_path, attributes, message):
    path = write(tmp_path / "a.hdf", **attributes)
    with pytest.raises(DataError, match=message) as error:
        read(path)
    assert str(path) in str(error.value)


def test_collection_5_appends_to_names(tmp_path):
    path = write(tmp_path / "a.hdf", name="CMG 0.05 Deg 16 days NDVI (C5)")
    assert read(path).shape == (2, 4)


def test_a_longer_name_is_another_layer(tmp_path):
    path = write(tmp_path / "a.hdf", name="CMG 0.05 Deg 16 days NDVI std dev")
    with pytest.raises(DataError, match="expected one dataset of that name"):
        read(path)


def test_selected_pixels(tmp_path):
    raw = np.arange(32, dtype=np.int16).reshape(4, 8)  # north first: the south row is 24 to 31
    path = write(tmp_path / "a.hdf", raw=raw)
    wanted = Pixels(np.array([8, 11, 16, 23]), (4, 8))  # rows 1 and 2 from the south
    with open_grid(path) as grid:
        got, _ = read_sds(grid, NDVI.name, wanted)
        whole, _ = read_sds(grid, NDVI.name)
    assert got.tolist() == [16, 19, 8, 15]
    assert whole.ravel()[wanted.flat].tolist() == got.tolist()
    assert wanted.rows_north_first == (1, 3)


def test_a_grid_of_another_size_than_the_land_cover(tmp_path):
    path = write(tmp_path / "a.hdf")
    with (
        open_grid(path) as grid,
        pytest.raises(DataError, match=r"shape \(2, 4\), expected \(4, 8\) of the land cover"),
    ):
        read_sds(grid, NDVI.name, Pixels(np.array([0]), (4, 8)))


def test_corners_in_degrees_or_packed(tmp_path):
    check_corners(tmp_path, "UpperLeftPointMtrs=(-180.000000,90.000000)")
    check_corners(tmp_path, "UpperLeftPointMtrs=(-180000000.000000,90000000.000000)")


@pytest.mark.parametrize("content", [b"", b"not a grid"])
def test_other_formats_are_refused(tmp_path, content):
    path = tmp_path / "a.hdf"
    path.write_bytes(content)
    with pytest.raises(DataError, match="a.hdf: file: found unreadable"):
        read(path)


@given(length=st.integers(0, 4000))
def test_a_file_truncated_anywhere(tmp_path_factory, length):
    """Only truncation: changed bytes can crash the HDF4 library itself, and pins detect them."""
    folder = tmp_path_factory.mktemp("hdf")
    whole = write(folder / "whole.hdf").read_bytes()
    assert len(whole) < 4000
    path = folder / "cut.hdf"
    path.write_bytes(whole[:length])
    if length < len(whole) - 1:
        with pytest.raises(DataError, match="cut.hdf: file: found unreadable.*; get it again$"):
            read(path)
    else:  # the last byte is not used
        np.testing.assert_array_equal(read(path), read(folder / "whole.hdf"))
