from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.era5.field import read_era5_file, time_step
from fluxprod.readers.files.global_field import checked_variable, opened_dataset, unit_factor
from tests.readers.era5.era5_files import weather, write_new, write_old

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


def test_longitudes_are_rotated_and_latitudes_reversed(tmp_path):
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
    with pytest.raises(DataError, match="absent.nc: file: found no such file"):
        read_era5_file(tmp_path / "absent.nc")
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


def test_expver_and_number_of_the_new_layout(tmp_path):
    field = weather("P", "2023-12-31 22:00", "2024-01-01 03:00")
    dataset = read_era5_file(write_new(tmp_path / "a.nc", field))
    assert dict(dataset.sizes) == {"time": 6, "lat": 5, "lon": 8}
    assert list(dataset.coords) == ["time", "lat", "lon"]
    expected = np.roll(field.values[:, ::-1], 4, axis=2) * 1000 * 24  # m in an hour to mm d-1
    np.testing.assert_allclose(dataset.P, expected, rtol=1e-5)


def test_expver_as_a_text_dimension(tmp_path):
    field = weather("P", "2023-12-31 22:00", "2024-01-01 03:00")
    final, preliminary = field.copy(), field + 1e-3
    final[4:], preliminary[:4] = np.nan, np.nan
    versions = xr.Variable("expver", ["0005", "0001"])
    both = xr.concat([preliminary, final], versions).assign_attrs(units="m")
    both.transpose("time", "expver", ...).to_netcdf(tmp_path / "a.nc")
    dataset = read_era5_file(tmp_path / "a.nc")
    expected = field.values.copy()
    expected[4:] += 1e-3
    turned = np.roll(expected[:, ::-1], 4, axis=2) * 24e3
    np.testing.assert_allclose(dataset.P, turned, rtol=1e-4)


@pytest.mark.parametrize("fill", [-9999.0, -999.0, -32767.0, 9.96921e36, np.inf])
@pytest.mark.parametrize("variable", ["TA", "SW_IN", "P"])
def test_an_undeclared_fill_value(tmp_path, variable, fill):
    field = weather(variable, "2003-01-01", "2003-01-01 05:00")
    field[3, 1, 2] = fill
    write_new(tmp_path / "a.nc", field)
    with pytest.raises(DataError, match=rf"a.nc: {field.name}: found .*, expected") as caught:
        read_era5_file(tmp_path / "a.nc")
    assert "\n" not in str(caught.value)


def test_an_undeclared_packed_fill_value(tmp_path):
    field = weather("TA", "2003-01-01", "2003-01-01 05:00")
    path = write_old(tmp_path / "a.nc", field)
    assert read_era5_file(path).TA.notnull().all()
    with xr.open_dataset(path, mask_and_scale=False, decode_times=False) as file:
        raw = file.load()
    raw.t2m[2, 2, 2] = -32767
    raw.to_netcdf(path, format="NETCDF3_64BIT", engine="netcdf4")
    assert int(read_era5_file(path).TA.isnull().sum()) == 1
    raw.t2m.attrs.pop("_FillValue")
    raw.t2m.attrs.pop("missing_value")
    raw.to_netcdf(path, format="NETCDF3_64BIT", engine="netcdf4")
    with pytest.raises(DataError, match="t2m: found packed -32767, undeclared"):
        read_era5_file(path)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<!DOCTYPE html><html>Sign in</html>", r"a web page \(HTML\).*; log in and get it again"),
        (b"", "an empty file.*; download it again"),
        (b"\x89HDF\r\n\x1a\n and no more", "unreadable.*; download it again"),
        (b"CDF\x01 and no more", "a corrupt header.*; download it again"),
    ],
)
def test_other_formats_are_refused(tmp_path, content, found):
    path = tmp_path / "a.nc"
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"a.nc: file: found {found}"):
        read_era5_file(path)


@pytest.mark.parametrize("write", [write_old, write_new])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.999, 0.99999])
def test_a_truncated_netcdf_file(tmp_path, write, share):
    path = write(tmp_path / "a.nc", weather("TA", "2003-01-01", "2003-01-10 23:00"))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataError, match="a.nc: file: found") as caught:
        read_era5_file(path)
    assert "\n" not in str(caught.value)


def test_steps_of_the_time_axis():
    def step(*stamps):
        return time_step(Path("a.nc"), xr.Dataset(coords={"time": pd.DatetimeIndex(stamps)}))

    assert step("2003-01-01 00:00", "2003-01-01 01:00", "2003-01-01 05:00") == "hour"
    assert step("2003-01-01", "2003-01-02", "2003-01-07") == "day"
    assert step("2003-01-01", "2003-02-01", "2003-03-01") == "month"
    assert step("2003-01-01") == "one"
    assert step("2003-01-02 05:00") == "one"
    with pytest.raises(DataError, match=r"steps of \[3\.\] h"):
        step("2003-01-01 00:00", "2003-01-01 03:00", "2003-01-01 06:00")
    with pytest.raises(DataError, match="stamps that repeat or decrease"):
        step("2003-01-02", "2003-01-01")


def test_real_climatology(realdata):
    """Twelve months without dates, in other units: not a file of ERA5, but a global field."""
    path = realdata / "grids" / "era5_climatology_2000_2025_0p5deg.nc"
    with opened_dataset(path) as dataset, xr.open_dataset(path) as plain:
        for name, unit, scale in (("t2m", "degc", 1.0), ("tp", "mmmonth-1", 1.0)):
            field = checked_variable(path, dataset, name, ("month", "lat", "lon"))
            assert unit_factor(path, field, {unit: scale}) == scale
            np.testing.assert_array_equal(field, plain[name])
    with pytest.raises(DataError, match="time: found coordinates"):
        read_era5_file(path)
