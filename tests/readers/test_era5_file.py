import zipfile

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.readers.era5_file import read_era5_file

ENCODING = {
    "t2m": {"dtype": "i2", "scale_factor": 0.01, "add_offset": 280.0, "_FillValue": -32767},
    "time": {"units": "hours since 1900-01-01 00:00:00.0", "dtype": "i4"},
}


def old_layout(path, values, *, units="K", **extra):
    """Packed file of the old store, 0 to 360 and north to south; ``extra`` leading dimensions."""
    time = pd.date_range("2023-12-31 22:00", periods=3, freq="h", unit="s")
    dims = ("time", *extra, "latitude", "longitude")
    coords = {"time": time, **extra, "latitude": [1.0, 0.0], "longitude": [0.0, 90.0, 180.0, 270.0]}
    dataset = xr.Dataset({"t2m": (dims, values, {"units": units})}, coords)
    dataset.to_netcdf(path, engine="netcdf4", encoding=ENCODING)
    return path


def test_longitudes_turn_and_latitudes_rise(tmp_path):
    values = np.arange(24.0).reshape(3, 2, 4) + 273.15
    dataset = read_era5_file(old_layout(tmp_path / "a.nc", values))
    assert dataset.attrs["step"] == "hour"
    assert list(dataset.lat) == [0.0, 1.0]
    assert list(dataset.lon) == [-180.0, -90.0, 0.0, 90.0]
    np.testing.assert_allclose(dataset.TA[0], [[6, 7, 4, 5], [2, 3, 0, 1]], atol=1e-3)
    assert dataset.TA.attrs["units"] == "degC"


def test_the_two_streams_complete_each_other(tmp_path):
    values = np.full((3, 2, 2, 4), np.nan)
    values[:2, 0], values[2:, 1] = 281.15, 283.15  # ERA5 until 23 UTC, then ERA5T
    dataset = read_era5_file(old_layout(tmp_path / "a.nc", values, expver=[1, 5]))
    assert dataset.TA.dims == ("time", "lat", "lon")
    np.testing.assert_allclose(dataset.TA[:, 0, 0], [8, 8, 10], atol=1e-3)


def test_faults_are_named(tmp_path):
    values = np.full((3, 2, 4), 280.0)
    with pytest.raises(DataError, match="t2m: found unit 'degF', expected one of"):
        read_era5_file(old_layout(tmp_path / "a.nc", values, units="degF"))
    with pytest.raises(DataError, match=r"t2m: found -.* to -.* degC, expected -100 to 70"):
        read_era5_file(old_layout(tmp_path / "c.nc", values - 180.0))
    path = old_layout(tmp_path / "b.nc", values)
    cut = tmp_path / "cut.nc"
    cut.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(DataError, match="cut.nc: file: found unreadable"):
        read_era5_file(cut)
    with pytest.raises(DataError, match="absent.nc: file: found nothing"):
        read_era5_file(tmp_path / "absent.nc")
    with zipfile.ZipFile(tmp_path / "zip.nc", "w") as archive:
        archive.write(path, "data_stream-oper_stepType-instant.nc")
    with pytest.raises(DataError, match="zip.nc: file: found a zip archive, expected NetCDF"):
        read_era5_file(tmp_path / "zip.nc")
    other = xr.Dataset(coords={"time": [0], "lat": [0.0], "lon": [0.0]}).assign(x=1)
    other.to_netcdf(tmp_path / "x.nc")
    with pytest.raises(DataError, match=r"variables: found \['x'\]"):
        read_era5_file(tmp_path / "x.nc")


def test_real_monthly_files(realdata):
    folder = realdata / "era5" / "new_cds"
    for name, native, ours, scale, offset in (
        ("avgua", "t2m", "TA", 1.0, -273.15),
        ("avgad", "tp", "P", 1000.0, 0.0),  # m per day in monthly means
    ):
        path = folder / f"data_stream-moda_stepType-{name}.nc"
        dataset = read_era5_file(path)
        assert dataset.attrs["step"] == "month"
        assert list(dataset.data_vars) == [ours]
        with xr.open_dataset(path) as plain:
            expected = plain[native].sortby("latitude") * scale + offset
            np.testing.assert_allclose(dataset[ours], expected, rtol=1e-6, atol=1e-4)
            np.testing.assert_array_equal(dataset.time, plain.valid_time)


def test_real_packed_hourly_file(realdata):
    path = realdata / "era5" / "old_cds" / "ERA5_example_data.nc"
    dataset = read_era5_file(path)
    assert dict(dataset.sizes) == {"time": 8760, "lat": 2, "lon": 3}
    with xr.open_dataset(path) as plain:
        expected = plain.ssrd.sortby("latitude") / 3600
        np.testing.assert_allclose(dataset.SW_IN, expected, rtol=1e-6, atol=1e-3)


def test_real_file_with_cf_names(realdata):
    path = realdata / "era5" / "daily_surface_cancities_1990-1993.nc"
    dataset = read_era5_file(path)
    assert dataset.attrs["step"] == "day"
    with xr.open_dataset(path) as plain:
        np.testing.assert_allclose(dataset.P, plain.pr.T * 86400, rtol=1e-6)
        np.testing.assert_allclose(dataset.TA, plain.tas.T - 273.15, atol=1e-4)
        np.testing.assert_allclose(dataset.SW_IN, plain.rsds.T, rtol=1e-6)
