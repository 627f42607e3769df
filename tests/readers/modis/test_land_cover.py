import numpy as np
import PIL.Image
import pytest
import tifffile

from fluxprod.core.errors import DataError
from fluxprod.readers.modis.land_cover import find_land_cover, read_land_cover
from fluxprod.synthetic.native.modis import write_mcd12c1

CLASSES = np.array([[0, 1, 16, 255], [10, 11, 12, 15]], np.uint8)  # north first, 255 missing
FIELD = np.where(CLASSES == 255, np.nan, CLASSES)
TAGS = [(33550, "d", 3, (90.0, 90.0, 0.0)), (33922, "d", 6, (0.0, 0.0, 0.0, -180.0, 90.0, 0.0))]


def test_hdf_and_geotiff_are_the_same(tmp_path):
    from_hdf = read_land_cover(write_mcd12c1(tmp_path, 2010, FIELD))
    path = tmp_path / "MCD12C1.A2019001.tif"
    tifffile.imwrite(path, CLASSES, extratags=TAGS)
    from_tiff = read_land_cover(path)
    assert from_tiff.identical(from_hdf)
    assert from_tiff.dtype == np.uint8
    np.testing.assert_array_equal(from_tiff, CLASSES[::-1])
    assert list(from_tiff.lat) == [-45.0, 45.0]


def test_a_geotiff_from_greenwich_eastward(tmp_path):
    path = tmp_path / "MCD12C1.A2019001.tif"
    greenwich = (33922, "d", 6, (0.0, 0.0, 0.0, 0.0, 90.0, 0.0))
    tifffile.imwrite(path, CLASSES, extratags=[TAGS[0], greenwich])
    # south first; the columns at 45 and 135 E come first
    expected = [[12, 15, 10, 11], [16, 255, 0, 1]]
    np.testing.assert_array_equal(read_land_cover(path), expected)


@pytest.mark.parametrize("size", [0, 7, 100, 300, 399])
def test_a_truncated_geotiff(tmp_path, size):
    path = tmp_path / "MCD12C1.A2019001.tif"
    tifffile.imwrite(path, CLASSES, extratags=TAGS)
    whole = path.read_bytes()
    assert len(whole) >= 300
    path.write_bytes(whole[: min(size, len(whole) - 1)])
    with pytest.raises(DataError, match="unreadable|GeoTIFF tags"):
        read_land_cover(path)


def test_a_truncated_real_geotiff(realdata, tmp_path):
    whole = find_land_cover(realdata / "modis").read_bytes()
    path = tmp_path / "MCD12C1.A2019001.tif"
    for share in (0.01, 0.5, 0.999):
        path.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(DataError, match="unreadable"):
            read_land_cover(path)


def test_real_geotiff_against_pillow(realdata):
    path = find_land_cover(realdata / "modis")
    with PIL.Image.open(path) as image:
        plain = np.asarray(image)
    np.testing.assert_array_equal(read_land_cover(path), plain[::-1])


def test_classes_of_another_product(tmp_path):
    path = tmp_path / "MCD12C1.A2019001.tif"
    tifffile.imwrite(path, CLASSES + (CLASSES == 16), extratags=TAGS)  # MCD12Q1 has water as 17
    with pytest.raises(DataError, match="uint8 up to 17, expected uint8 up to 16"):
        read_land_cover(path)


def test_a_tiff_without_georeference(tmp_path):
    path = tmp_path / "MCD12C1.A2019001.tif"
    tifffile.imwrite(path, CLASSES)
    with pytest.raises(DataError, match="GeoTIFF tags"):
        read_land_cover(path)
    path.write_bytes(b"II*\0 no more")
    with pytest.raises(DataError, match="unreadable"):
        read_land_cover(path)


def test_exactly_one_file_is_required(tmp_path):
    with pytest.raises(DataError, match="MCD12C1: found none"):
        find_land_cover(tmp_path)
    for year in (2001, 2002):
        write_mcd12c1(tmp_path, year, FIELD)
    with pytest.raises(DataError, match="A2001001.061.hdf', 'MCD12C1.A2002001"):
        find_land_cover(tmp_path)


def test_real_geotiff(realdata):
    igbp = read_land_cover(find_land_cover(realdata / "modis"))
    assert igbp.shape == (3600, 7200)
    places = {"Amazon": (-3.0, -65.0, 2), "Sahara": (23.0, 10.0, 16), "Atlantic": (30.0, -40.0, 0)}
    places |= {"Greenland": (72.0, -40.0, 15), "Iowa": (42.5, -94.5, 12)}
    for name, (lat, lon, expected) in places.items():
        assert igbp.sel(lat=lat, lon=lon, method="nearest") == expected, name
    # counted by numpy.unique on the image as rasterio reads it
    assert int((igbp == 12).sum()) == 520_638
    assert int((igbp == 15).sum()) == 2_613_324
