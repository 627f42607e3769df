import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.readers.era5 import daily_means, read_era5_daily
from fluxprod.synthetic.native_era5 import write_era5_year

LAT, LON = [-45.0, 45.0], [-135.0, -45.0, 45.0, 135.0]


def world(value, years=("2003", "2004")):
    time = pd.date_range(f"{years[0]}-01-01", f"{years[-1]}-12-31", unit="s")
    shape = (len(time), len(LAT), len(LON))
    values = np.broadcast_to(np.asarray(value, float), shape)
    return xr.DataArray(values, {"time": time, "lat": LAT, "lon": LON}, ("time", "lat", "lon"))


def write_both(folder, variable, field):
    return [write_era5_year(folder, variable, field, year) for year in (2003, 2004)]


def test_daily_statistics_in_our_units_and_order(tmp_path):
    by_lon = np.arange(4.0)
    write_both(tmp_path, "t2m", world(280 + by_lon))
    write_both(tmp_path, "ssrd", world(2.0**23 + 2.0**20 * by_lon))
    write_both(tmp_path, "tp", world(2.0**-8 * by_lon))
    warm = read_era5_daily(tmp_path, "TA", [2003, 2004])
    assert warm.dims == ("time", "lat", "lon")
    assert warm.sizes["time"] == 731
    assert list(warm.lat) == LAT
    assert list(warm.lon) == LON
    np.testing.assert_allclose(warm[0, 0], 6.85 + by_lon, atol=1e-4)
    light = read_era5_daily(tmp_path, "SW_IN", [2004])
    assert light.sizes["time"] == 366
    np.testing.assert_allclose(light[5, 1], (8388608 + 1048576 * by_lon) / 86400, rtol=1e-6)
    rain = read_era5_daily(tmp_path, "P", [2003])
    np.testing.assert_allclose(rain[5, 1], 3.90625 * by_lon, rtol=1e-6)


def test_daily_mean_of_an_accumulation_is_of_an_hour(tmp_path):
    (path,) = write_both(tmp_path, "tp", world(2.0**-8))[:1]
    path.rename(path.with_name("total_precipitation_0_daily-mean_2003.nc"))
    rain = read_era5_daily(tmp_path, "P", [2003])
    np.testing.assert_allclose(rain, 24 * 3.90625, rtol=1e-6)


def test_accumulations_belong_to_the_hour_before_the_stamp():
    # 3 h in the evening of 1 January (22, 23 UTC and 00 UTC of the 2nd), none on the 2nd
    time = pd.date_range("2003-01-01 00:00", "2003-01-03 00:00", freq="h")
    rate = pd.Series(0.0, time)
    rate["2003-01-01 22:00":"2003-01-02 00:00"] = 8.0
    hourly = xr.DataArray(rate.to_numpy(), {"time": time}, ("time",))
    ending = daily_means(hourly, ends_at_stamp=True)
    assert list(ending.time.dt.strftime("%F").values) == ["2003-01-01", "2003-01-02"]
    np.testing.assert_allclose(ending, [3 * 8 / 24, 0])
    instant = daily_means(hourly, ends_at_stamp=False)
    assert list(instant.time.dt.strftime("%F").values) == ["2003-01-01", "2003-01-02"]
    np.testing.assert_allclose(instant, [2 * 8 / 24, 8 / 24])


def hourly_file(folder, first, last, rain):
    """Rain [m] of the hours that end at the stamps first to last, the same everywhere."""
    stamps = pd.date_range(first, last, freq="h")
    values = np.broadcast_to(rain[stamps].to_numpy()[:, None, None], (len(stamps), 2, 4))
    dims = ("valid_time", "latitude", "longitude")
    data = xr.DataArray(values, {"valid_time": stamps, dims[1]: LAT, dims[2]: LON}, dims)
    field = data.assign_attrs(units="m").rename("tp")
    field.to_netcdf(folder / f"hourly_{stamps[0]:%F}.nc")


def test_a_day_whose_hours_are_in_two_files(tmp_path):
    stamps = pd.date_range("2003-01-01 00:00", "2005-01-01 00:00", freq="h")
    rain = pd.Series(np.arange(len(stamps)) % 7 * 1e-4, stamps)
    hourly_file(tmp_path, "2003-01-01 00:00", "2003-12-31 23:00", rain)
    hourly_file(tmp_path, "2004-01-01 00:00", "2005-01-01 00:00", rain)
    daily = read_era5_daily(tmp_path, "P", [2003, 2004])
    expected = rain.shift(-1, freq="h").resample("D").sum()["2003":"2004"] * 1e3
    np.testing.assert_allclose(daily[:, 1, 2], expected, rtol=1e-5)


def test_hours_of_a_broken_day_in_two_files(tmp_path):
    rain = pd.Series(1e-4, pd.date_range("2003-01-01", "2004-01-01", freq="h"))
    hourly_file(tmp_path, "2003-01-01 00:00", "2003-06-01 12:00", rain)
    hourly_file(tmp_path, "2003-06-01 12:00", "2004-01-01 00:00", rain)
    with pytest.raises(DataError, match="P: found 2003-06-01 12:00 more than once"):
        read_era5_daily(tmp_path, "P", [2003])


def test_real_hourly_file_by_day(realdata):
    folder = realdata / "era5" / "old_cds"
    warm = read_era5_daily(folder, "TA", [2017])
    with xr.open_dataset(folder / "ERA5_example_data.nc") as plain:
        expected = plain.t2m.values.reshape(365, 24, 2, 3).mean(axis=1)[:, ::-1] - 273.15
        np.testing.assert_allclose(warm, expected, atol=2e-4)
    with pytest.raises(DataError, match=r"SW_IN: found 1 of 365 days missing, first 2017-12-31"):
        read_era5_daily(folder, "SW_IN", [2017])


def test_an_empty_day(tmp_path):
    field = world(280.0).copy(data=np.full((731, 2, 4), 280.0))
    field[100] = np.nan
    write_both(tmp_path, "t2m", field)
    with pytest.raises(DataError, match="TA: found no value on 2003-04-11"):
        read_era5_daily(tmp_path, "TA", [2003])
    assert read_era5_daily(tmp_path, "TA", [2004]).notnull().all()


def test_missing_and_repeated_days(tmp_path):
    first, second = write_both(tmp_path, "t2m", world(280.0))
    with pytest.raises(DataError, match="TA: found 365 of 1096 days missing, first 2005-01-01"):
        read_era5_daily(tmp_path, "TA", [2003, 2004, 2005])
    again = tmp_path / "again"
    again.mkdir()
    (again / second.name).write_bytes(second.read_bytes())
    with pytest.raises(DataError, match="TA: found 2004-01-01 more than once"):
        read_era5_daily(tmp_path, "TA", [2004])
    with pytest.raises(DataError, match="P: found no daily file"):
        read_era5_daily(tmp_path, "P", [2004])
