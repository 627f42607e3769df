import netCDF4
import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.modis.appeears import read_area, read_dates
from fluxprod.readers.modis.composites import find_composites
from fluxprod.readers.modis.pixels import Pixels

LAT, LON = np.array([33.75, 11.25]), np.array([11.25, 33.75])  # north first
CELL = Pixels(np.array([2 * 8 + 4, 2 * 8 + 5]), (4, 8))  # 0-45 N: 0-45 E, and the next to the east
NDVI = np.array([[[0.6, 0.8], [0.2, 0.4]], [[0.5, 0.5], [0.5, 0.5]]])
RANK = np.array([[[0, 3], [0, 1]], [[0, 0], [-1, 2]]])


def write(path, layers, quality, *, packed=False, days=(366, 382)):
    with netCDF4.Dataset(path, "w") as file:
        for name, centre in (("time", days), ("lat", LAT), ("lon", LON)):
            file.createDimension(name, len(centre))
            file.createVariable(name, "f8", (name,))[:] = centre
        file["time"].units, file["time"].calendar = "days since 2000-01-01 00:00:00", "julian"
        for name, values in layers.items():
            if packed:
                field = file.createVariable(name, "i2", ("time", "lat", "lon"), fill_value=-3000)
                field.scale_factor, field.add_offset = 0.0001, 0.0
            else:
                field = file.createVariable(name, "f4", ("time", "lat", "lon"), fill_value=-3000.0)
            field[:] = values
        for name, values in quality.items():
            file.createVariable(name, "i1", ("time", "lat", "lon"), fill_value=-1)[:] = values
    return path


def write_indices(folder, **options):
    layers = {"_250m_16_days_NDVI": NDVI, "_250m_16_days_EVI": NDVI / 2}
    quality = {"_250m_16_days_pixel_reliability": RANK}
    return write(folder / "MOD13Q1.061_250m_aid0001.nc", layers, quality, **options)


@pytest.mark.parametrize("packed", [False, True])
def test_indices_by_hand(tmp_path, packed):
    got = read_area(write_indices(tmp_path, packed=packed), 0, CELL)
    expected = (0.382683 * 0.6 + 0.324423 * 0.6) / (2 * 0.382683 + 0.324423)  # test_local_area
    np.testing.assert_allclose(got["NDVI"], [expected, np.nan], atol=1e-4 if packed else 1e-5)
    np.testing.assert_allclose(got["EVI"], got["NDVI"] / 2, atol=1e-4)
    # in the second composite only the northern row has values
    np.testing.assert_allclose(
        read_area(write_indices(tmp_path, packed=packed), 1, CELL)["NDVI"], [0.5, np.nan], atol=1e-4
    )


def test_fapar_and_its_codes(tmp_path):
    fpar = np.array([[[0.5, 2.54], [0.3, 0.1]]])  # 254 scaled is a code for a missing value
    flags = np.array([[[0, 0], [0, 0b01_000]]])  # significant clouds
    path = tmp_path / "MCD15A2H.061_500m_aid0001.nc"
    write(path, {"Fpar_500m": fpar}, {"FparLai_QC": flags}, days=(366,))
    expected = (0.324423 * 0.5 + 0.382683 * 0.3) / (0.324423 + 0.382683)
    np.testing.assert_allclose(read_area(path, 0, CELL)["FPAR"], [expected, np.nan], atol=1e-5)


def test_dates_are_taken_as_written(tmp_path):
    path = write_indices(tmp_path)
    assert list(read_dates(path)) == [pd.Timestamp("2001-01-01"), pd.Timestamp("2001-01-17")]


def test_an_area_is_used_if_there_is_no_global_file(tmp_path):
    days = [366 + day for day in range(0, 365, 16)]
    shape = (len(days), 2, 2)
    layers = {"_250m_16_days_NDVI": np.full(shape, 0.5), "_250m_16_days_EVI": np.full(shape, 0.3)}
    path = tmp_path / "MOD13Q1.061_250m_aid0001.nc"
    write(path, layers, {"_250m_16_days_pixel_reliability": np.zeros(shape)}, days=days)
    found = find_composites(tmp_path, "MOD13C1", [2001])
    assert [composite.sources[0].step for composite in found] == list(range(23))
    assert found[0].time == pd.Timestamp("2001-01-09")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.renameVariable("_250m_16_days_EVI", "evi"), "16_days_EVI: found .*'evi'"),
        (lambda f: f["_250m_16_days_NDVI"].__setitem__(0, 5000.0), "to 5000, expected at most 1.0"),
        (lambda f: f["lon"].__setitem__(slice(None), [33.75, 11.25]), "longitudes decrease"),
    ],
)
def test_faults_are_named(tmp_path, change, message):
    path = write_indices(tmp_path)
    with netCDF4.Dataset(path, "a") as file:
        change(file)
    with pytest.raises(DataError, match=message):
        read_area(path, 0, CELL)


def test_a_web_page_instead_of_a_file(tmp_path):
    path = tmp_path / "MOD13Q1.061_250m_aid0001.nc"
    path.write_text("<html>Please log in</html>")
    with pytest.raises(DataError, match=r"found a web page \(HTML\), .*; log in"):
        read_dates(path)
