import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.era5 import tiles as era5_tiles
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.series import era5_series
from fluxprod.synthetic.native.era5 import write_era5_year
from tests.readers.era5.era5_files import weather, write_new, write_old


def read_days(folder, variable, years):
    """All days of some years as one array."""
    wanted = pd.date_range(f"{min(years)}-01-01", f"{max(years)}-12-31", unit="s")
    return xr.concat(list(era5_days(era5_series(folder, variable, wanted))), "time")


LAT, LON = [-45.0, 45.0], [-135.0, -45.0, 45.0, 135.0]


def world(value, years=("2003", "2004")):
    time = pd.date_range(f"{years[0]}-01-01", f"{years[-1]}-12-31", unit="s")
    shape = (len(time), len(LAT), len(LON))
    values = np.broadcast_to(np.asarray(value, float), shape)
    return xr.DataArray(values, {"time": time, "lat": LAT, "lon": LON}, ("time", "lat", "lon"))


def write_both(folder, variable, field):
    return [write_era5_year(folder, variable, field, year) for year in (2003, 2004)]


def test_daily_statistics_in_our_units_and_order(tmp_path):
    by_lon, by_day = np.arange(4.0), np.arange(731.0)[:, None, None] % 2
    write_both(tmp_path, "t2m", world(280 + by_lon + by_day))
    write_both(tmp_path, "ssrd", world(2.0**23 + 2.0**20 * by_lon * (1 + by_day)))
    write_both(tmp_path, "tp", world(2.0**-8 * by_lon * (1 + by_day)))
    warm = read_days(tmp_path, "TA", [2003, 2004])
    assert warm.dims == ("time", "lat", "lon")
    assert warm.sizes["time"] == 731
    assert list(warm.lat) == LAT
    assert list(warm.lon) == LON
    np.testing.assert_allclose(warm[:2, 0], [6.85 + by_lon, 7.85 + by_lon], atol=1e-4)
    light = read_days(tmp_path, "SW_IN", [2004])
    assert light.sizes["time"] == 366
    np.testing.assert_allclose(light[5, 1], (8388608 + 1048576 * by_lon) / 86400, rtol=1e-6)
    rain = read_days(tmp_path, "P", [2003])
    np.testing.assert_allclose(rain[4, 1], 3.90625 * by_lon, rtol=1e-6)
    assert rain.attrs["units"] == "mm d-1"


def test_daily_mean_of_an_accumulation_is_of_an_hour(tmp_path):
    (path,) = write_both(tmp_path, "tp", world(2.0**-8))[:1]
    path.rename(path.with_name("total_precipitation_0_daily-mean_2003.nc"))
    rain = read_days(tmp_path, "P", [2003])
    np.testing.assert_allclose(rain, 24 * 3.90625, rtol=1e-6)


@pytest.mark.parametrize(("variable", "hours"), [("P", (3, 0)), ("TA", (2, 1))])
def test_accumulations_belong_to_the_hour_before_the_stamp(tmp_path, variable, hours):
    # 3 h in the evening of 2 January (22, 23 UTC and 00 UTC of the 3rd), none on the 3rd
    field = weather(variable, "2003-01-01 00:00", "2003-01-05 00:00")
    field[:] = 273.15 if variable == "TA" else 0.0
    field.loc[{"time": slice("2003-01-02 22:00", "2003-01-03 00:00")}] += 0.024
    field.loc[{"time": slice("2003-01-04 12:00", "2003-01-04 14:00")}] += 0.024  # by day: hourly
    write_new(tmp_path / "hourly.nc", field)
    days = pd.date_range("2003-01-02", "2003-01-03", unit="s")
    got = list(era5_days(era5_series(tmp_path, variable, days)))
    assert [str(day.time.values)[:10] for day in got] == ["2003-01-02", "2003-01-03"]
    per_hour = 0.024 / 24 if variable == "TA" else 24.0  # mean [degC] or sum [mm]
    np.testing.assert_allclose([day[2, 3] for day in got], np.multiply(hours, per_hour), atol=3e-6)


@pytest.mark.parametrize("chunks", [None, (1, 5, 8), (100, 2, 3), (240, 1, 1)])
@pytest.mark.parametrize("values", [9, 240, 10**7])
def test_pieces_of_any_size_give_the_same_days(tmp_path, monkeypatch, chunks, values):
    field = weather("P", "2003-01-01", "2003-01-10 23:00")
    write_new(tmp_path / "hourly.nc", field, chunks=chunks)
    monkeypatch.setattr(era5_tiles, "VALUES", values)
    series = era5_series(tmp_path, "P", pd.date_range("2003-01-02", "2003-01-08", unit="s"))
    for start in (0, 3):
        got = xr.concat(list(era5_days(series, start)), "time")
        hourly = field.sel(time=slice("2003-01-02 01:00", "2003-01-09 00:00")).values
        expected = hourly.astype(float).reshape(7, 24, 5, 8).sum(axis=1)[start:] * 1e3
        turned = np.roll(expected[:, ::-1], 4, axis=2)  # -90 to 90, from -180
        np.testing.assert_allclose(got, turned, rtol=1e-6)


def hourly_file(folder, first, last, rain):
    """Precipitation [m] of the hours that end at ``first`` to ``last``, uniform in space."""
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
    daily = read_days(tmp_path, "P", [2003, 2004])
    expected = rain.shift(-1, freq="h").resample("D").sum()["2003":"2004"] * 1e3
    np.testing.assert_allclose(daily[:, 1, 2], expected, rtol=1e-5)


def test_a_repeated_hour_in_two_files(tmp_path):
    rain = pd.Series(1e-4, pd.date_range("2003-01-01", "2004-01-01", freq="h"))
    hourly_file(tmp_path, "2003-01-01 00:00", "2003-06-01 12:00", rain)
    hourly_file(tmp_path, "2003-06-01 12:00", "2004-01-01 00:00", rain)
    with pytest.raises(DataError, match="P: found 2003-06-01 12:00 more than once"):
        read_days(tmp_path, "P", [2003])


def test_real_hourly_file_by_day(realdata):
    folder = realdata / "era5" / "old_cds"
    warm = read_days(folder, "TA", [2017])
    with xr.open_dataset(folder / "ERA5_example_data.nc") as plain:
        expected = plain.t2m.values.reshape(365, 24, 2, 3).mean(axis=1)[:, ::-1] - 273.15
        np.testing.assert_allclose(warm, expected, atol=2e-4)
    with pytest.raises(DataError, match=r"SW_IN: found 1 of 365 days missing, first 2017-12-31"):
        read_days(folder, "SW_IN", [2017])


def test_an_empty_day(tmp_path):
    field = world(280.0).copy(data=np.full((731, 2, 4), 280.0))
    field[100] = np.nan
    write_both(tmp_path, "t2m", field)
    with pytest.raises(DataError, match="TA: found no value on 2003-04-11"):
        read_days(tmp_path, "TA", [2003])
    assert read_days(tmp_path, "TA", [2004]).notnull().all()


def test_missing_and_repeated_days(tmp_path):
    first, second = write_both(tmp_path, "t2m", world(280.0))
    with pytest.raises(DataError, match="TA: found 365 of 1096 days missing, first 2005-01-01"):
        read_days(tmp_path, "TA", [2003, 2004, 2005])
    again = tmp_path / "again"
    again.mkdir()
    (again / second.name).write_bytes(second.read_bytes())
    with pytest.raises(DataError, match="TA: found 2004-01-01 more than once"):
        read_days(tmp_path, "TA", [2004])
    with pytest.raises(DataError, match="P: found no daily or hourly map"):
        read_days(tmp_path, "P", [2004])


def test_stale_days(tmp_path):
    field = weather("TA", "2003-01-01", "2003-01-10 23:00")
    field[24 * 5 : 24 * 6] = field[24 * 4 : 24 * 5].values
    write_new(tmp_path / "hourly.nc", field)
    series = era5_series(tmp_path, "TA", pd.date_range("2003-01-01", "2003-01-10", unit="s"))
    message = "TA: found the map of 2003-01-06 identical to that of the day before, expected a diff"
    for start in (0, 5):  # the previous day is compared even if it is not returned
        with pytest.raises(DataError, match=message):
            list(era5_days(series, start))
    assert len(list(era5_days(series, 6))) == 4


def test_an_hour_is_missing(tmp_path):
    field = weather("TA", "2003-01-01", "2003-01-10 23:00")
    write_new(tmp_path / "hourly.nc", field.drop_sel(time="2003-01-07 05:00"))
    with pytest.raises(DataError, match="TA: found 1 of 10 days missing, first 2003-01-07"):
        era5_series(tmp_path, "TA", pd.date_range("2003-01-01", "2003-01-10", unit="s"))


def test_both_generations_in_one_folder(tmp_path):
    field = weather("TA", "2003-01-01", "2003-01-10 23:00")
    write_old(tmp_path / "old.nc", field[:100])
    write_new(tmp_path / "new.nc", field[100:])
    series = era5_series(tmp_path, "TA", pd.date_range("2003-01-01", "2003-01-10", unit="s"))
    got = xr.concat(list(era5_days(series)), "time")
    expected = field.values.reshape(10, 24, 5, 8).mean(axis=1) - 273.15
    np.testing.assert_allclose(got, np.roll(expected[:, ::-1], 4, axis=2), atol=2e-3)


def test_halves_of_a_day_on_different_grids(tmp_path):
    field = weather("TA", "2003-01-01", "2003-01-02 23:00")
    write_new(tmp_path / "a.nc", field[:30])
    write_new(tmp_path / "b.nc", field[30:].isel(latitude=slice(None, None, -1)))
    series = era5_series(tmp_path, "TA", pd.date_range("2003-01-01", "2003-01-02", unit="s"))
    with pytest.raises(DataError, match="b.nc: t2m: found other latitudes or longitudes"):
        list(era5_days(series))


@pytest.mark.parametrize("name", ["2m_temperature", "t2m"])
def test_long_names_of_arco_era5(tmp_path, name):
    field = weather("TA", "2003-01-01", "2003-01-02 23:00").rename(name)
    field.to_netcdf(tmp_path / "arco.nc")
    series = era5_series(tmp_path, "TA", pd.date_range("2003-01-01", "2003-01-02", unit="s"))
    first = next(era5_days(series))
    expected = field.values[:24].mean(axis=0) - 273.15
    np.testing.assert_allclose(first, np.roll(expected[::-1], 4, axis=1), atol=1e-4)


def test_monthly_means_are_not_days(tmp_path):
    field = weather("TA", "2003-01-01", "2003-12-01", freq="MS")
    write_new(tmp_path / "monthly.nc", field)
    with pytest.raises(DataError, match="TA: found no daily or hourly map"):
        read_days(tmp_path, "TA", [2003])
