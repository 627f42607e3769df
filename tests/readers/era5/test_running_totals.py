"""Accumulations since 00 UTC, as in ERA5-Land, in files of any length."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.field import read_era5_file
from fluxprod.readers.era5.running_totals import is_running
from fluxprod.readers.era5.series import era5_series
from tests.readers.era5.era5_files import LAT, LON, write_new, write_old

FIRST, LAST = "2003-01-01 00:00", "2003-01-09 00:00"
DAYS = pd.date_range("2003-01-01", "2003-01-08", unit="s")
UNITS = {"tp": "m", "ssrd": "J m**-2"}


def amounts(name, first=FIRST, last=LAST):
    """Amounts of each hour: rain now and then, sun by day at each longitude."""
    stamps = pd.date_range(first, last, freq="h", unit="s")
    shape = (len(stamps), len(LAT), len(LON))
    random = np.random.default_rng(7)
    values = 1e-3 * random.gamma(0.3, 1.0, shape) * (random.uniform(size=shape) < 0.4)
    if name == "ssrd":
        hour = (stamps.hour.to_numpy()[:, None, None] - 0.5 + LON / 15.0) % 24.0
        sun = np.clip(-np.cos(hour * np.pi / 12.0), 0.0, None)
        values = 2e6 * sun * random.uniform(0.5, 1.0, shape)
    coords = {"time": stamps, "latitude": LAT, "longitude": LON}
    attrs = {"units": UNITS[name]}
    return xr.DataArray(values.astype(np.float32), coords, tuple(coords), name, attrs)


def since_midnight(hourly):
    """Running totals of the UTC day, in which 00 UTC ends the day before."""
    day = (hourly.time - np.timedelta64(1, "h")).dt.floor("D").rename("day")
    return hourly.groupby(day).cumsum("time").assign_attrs(hourly.attrs)


def daily(hourly):
    """Sums of 01 UTC to 00 UTC of the next day, [mm] or [W m-2], from -180, south to north."""
    scale = 1e3 if hourly.name == "tp" else 1 / 86400.0
    sums = hourly.values[1:].astype(float).reshape(-1, 24, len(LAT), len(LON)).sum(axis=1)
    return np.roll(sums[:, ::-1], 4, axis=2) * scale


def read(folder, name, days=DAYS):
    series = era5_series(folder, "P" if name == "tp" else "SW_IN", days)
    return xr.concat(list(era5_days(series)), "time")


@pytest.mark.parametrize("name", ["tp", "ssrd"])
@pytest.mark.parametrize("write", [write_new, write_old])
@pytest.mark.parametrize("running", [True, False])
def test_days_of_one_file(tmp_path, name, write, running):
    hourly = amounts(name)
    write(tmp_path / "a.nc", since_midnight(hourly) if running else hourly)
    tolerance = {"tp": 0.02, "ssrd": 0.3}[name]  # of packing
    np.testing.assert_allclose(read(tmp_path, name), daily(hourly), atol=tolerance)


def test_the_case_of_era5_land(tests_cases):
    days = pd.date_range("2005-01-01", "2005-01-05", unit="s")
    rain = read(tests_cases / "era5_land_accumulated", "tp", days)
    np.testing.assert_allclose(rain, 24.0, atol=3e-3)  # a millimetre an hour


@pytest.mark.parametrize("name", ["tp", "ssrd"])
@pytest.mark.parametrize("hours", [1, 24])
@pytest.mark.parametrize("running", [True, False])
def test_short_files(tmp_path, name, hours, running):
    hourly = amounts(name)
    whole = since_midnight(hourly) if running else hourly
    for start in range(0, len(whole), hours):
        piece = whole[start : start + hours]
        write_new(tmp_path / f"era5_{start:03}.nc", piece)
    np.testing.assert_allclose(read(tmp_path, name), daily(hourly), rtol=1e-4, atol=1e-4)


def test_each_file_by_its_own_values(tmp_path):
    hourly = amounts("tp")
    write_new(tmp_path / "land.nc", since_midnight(hourly)[:97])
    write_new(tmp_path / "era5.nc", hourly[97:])
    np.testing.assert_allclose(read(tmp_path, "tp"), daily(hourly), rtol=1e-4, atol=1e-4)


def test_the_last_hour_is_missing(tmp_path):
    write_new(tmp_path / "a.nc", since_midnight(amounts("tp"))[:-1])
    message = "1 of 8 days missing, first 2003-01-08, .*need 00 UTC of the next day"
    with pytest.raises(DataError, match=message):
        read(tmp_path, "tp")


def test_a_small_file_read_completely(tmp_path):
    path = write_new(tmp_path / "a.nc", since_midnight(amounts("ssrd")))
    with pytest.raises(DataError, match="a.nc: ssrd: found amounts accumulated since 00 UTC"):
        read_era5_file(path)
    path = write_new(tmp_path / "b.nc", amounts("ssrd"))
    assert read_era5_file(path).attrs["step"] == "hour"


def test_a_single_shower_is_told_apart_by_the_name_alone(tmp_path):
    rain = amounts("tp", last="2003-01-02") * 0.0
    rain[20:] = 1e-3  # 20 to 00 UTC
    named, nameless = tmp_path / "a" / "era5-land_tp.nc", tmp_path / "b" / "tp.nc"
    for path in (named, nameless):
        path.parent.mkdir()
        write_new(path, rain.assign_attrs(units="m"))
    np.testing.assert_allclose(read(named.parent, "tp", DAYS[:1]), 1.0, rtol=1e-5)
    with pytest.raises(DataError, match="accumulated since 00 UTC"):
        read_era5_file(named)
    with pytest.raises(DataError, match="tp.nc: tp: .*does not tell .*era5-land in the file name"):
        read(nameless.parent, "tp", DAYS[:1])


@pytest.mark.parametrize("place", [(slice(150, None), ...), (..., 3, 5)])
@pytest.mark.parametrize("running", [True, False])
def test_rain_off_the_first_days_and_places(tmp_path, place, running):
    hourly = amounts("tp") * 0.0
    hourly[place] = amounts("tp")[place]
    hourly = hourly.assign_attrs(units="m").isel(latitude=[0, 1, 2, 3, 3, 3, 3, 4, 4, 4])
    hourly = hourly.assign_coords(latitude=np.linspace(90.0, -90.0, 10))
    write_new(tmp_path / "tp.nc", since_midnight(hourly) if running else hourly)
    sums = 1e3 * hourly.values[1:].astype(float).reshape(8, 24, 10, 8).sum(axis=1)
    expected = np.roll(sums[:, ::-1], 4, axis=2)
    np.testing.assert_allclose(read(tmp_path, "tp"), expected, rtol=1e-4, atol=1e-4)


def test_faint_rain(tmp_path):
    hourly = (amounts("tp") * 0.0 + 3e-6).assign_attrs(units="m")  # 0.072 mm a day
    write_new(tmp_path / "tp.nc", since_midnight(hourly))
    np.testing.assert_allclose(read(tmp_path, "tp"), 0.072, rtol=1e-4)


@pytest.mark.parametrize("hours", [1, 193])
@pytest.mark.parametrize("rain", [0.0, 1e-3])
def test_no_rain_or_the_same_in_each_hour(tmp_path, rain, hours):
    hourly = (amounts("tp") * 0.0 + rain).assign_attrs(units="m")
    for start in range(0, len(hourly), hours):
        write_new(tmp_path / f"tp_{start:03}.nc", hourly[start : start + hours])
    np.testing.assert_allclose(read(tmp_path, "tp", DAYS[:1]), 24e3 * rain, rtol=1e-5)


@pytest.mark.parametrize("name", ["tp", "ssrd"])
@pytest.mark.parametrize("word", ["daily-sum", "daily-mean"])
def test_daily_statistics_of_running_totals(tmp_path, name, word):
    totals = since_midnight(amounts(name))[1:-1]
    field = totals.resample(time="D").mean().assign_attrs(units=UNITS[name])
    path = write_new(tmp_path / f"era5-land_{name}_{word}.nc", field)
    with pytest.raises(DataError, match="found daily statistics of amounts since 00 UTC"):
        read(tmp_path, name)
    with pytest.raises(DataError, match="get all hours of ERA5-Land, or ERA5"):
        read_era5_file(path)


@pytest.mark.parametrize("name", ["era5land_tp.nc", "era5-land_tp_daily-sum.nc"])
def test_only_00_utc_of_running_totals(tmp_path, name):
    write_new(tmp_path / name, since_midnight(amounts("tp"))[24::24])
    with pytest.raises(DataError, match="the total of the day before, .*; get all hours"):
        read(tmp_path, "tp")


def test_values_that_do_not_tell():
    stamps = pd.date_range(FIRST, LAST, freq="h").to_numpy()
    rising = np.arange(len(stamps), dtype=float)[:, None]
    for values in (np.zeros_like(rising), np.full_like(rising, 5.0), rising):
        assert is_running(stamps, values, "P") is None
    assert is_running(stamps[:12], rising[:12], "P") is None
    assert is_running(stamps, (rising - 1.0) % 24.0, "P") is True
    assert is_running(stamps, 24.0 - rising % 24.0, "P") is False
