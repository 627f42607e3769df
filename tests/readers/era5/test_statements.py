"""What each step of a file covers, from its names and attributes."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.field import read_era5_file
from fluxprod.readers.era5.series import era5_series
from tests.readers.era5.era5_files import weather, write_new
from tests.readers.era5.test_source import pack

DAYS = pd.date_range("2003-01-01", "2003-01-03", unit="s")
REDUCED = (
    "2024-10-24T09:12 GRIB to CDM+CF via cfgrib-0.9.14.1/ecCodes-2.36.0\n"
    "earthkit.transforms.aggregate.temporal.daily_reduce({name}_stream-oper, how={how}, "
    "**{{'time_shift': {{'hours': {shift}}}, 'remove_partial_periods': True}})"
)


def daily(variable, **attributes):
    """Three days, each with one value at 00 UTC."""
    return weather(variable, "2003-01-01", "2003-01-03", freq="D").assign_attrs(attributes)


def write(folder, name, field, history=""):
    """As `write_new`, with a history."""
    field.to_dataset().assign_attrs(history=history).to_netcdf(folder / name)
    return folder / name


def read(folder, variable):
    return xr.concat(list(era5_days(era5_series(folder, variable, DAYS))), "time")


def turned(field):
    """Values south to north and from -180."""
    return np.roll(field.values[:, ::-1], 4, axis=2)


@pytest.mark.parametrize("word", ["daily-max", "daily_maximum", "daymax", "daily-min", "Daily_Min"])
@pytest.mark.parametrize("variable", ["TA", "SW_IN", "P"])
def test_extremes_by_name(tmp_path, variable, word):
    write_new(tmp_path / f"a_0_{word}.nc", daily(variable))
    kind = "maximum" if "max" in word else "minimum"
    with pytest.raises(DataError, match=f"a_0_{word}.nc: .*found daily {kind} by its file name"):
        read(tmp_path, variable)


def test_the_maximum_asked_for_by_mistake(tests_cases):
    folder = tests_cases / "era5_daily_max_only"
    message = "2m_temperature_0_daily-max.nc: t2m: found daily maximum .*, expected daily-mean"
    days = pd.date_range("2005-01-01", "2005-01-06", unit="s")
    with pytest.raises(DataError, match=message):
        era5_series(folder, "TA", days)


@pytest.mark.parametrize(
    "attributes",
    [
        {"cell_methods": "time: maximum within days"},
        {"cell_methods": "area: mean time: minimum"},
        {"cell_methods": "time: standard_deviation"},
        {"cell_methods": "time: maximum within days time: mean over days"},
        {"GRIB_stepType": "max"},
        {"GRIB_stepType": "min"},
        {"GRIB_paramId": 201, "GRIB_name": "Maximum temperature at 2 metres since previous ..."},
        {"long_name": "Minimum temperature at 2 metres since previous post-processing"},
        {"daily_statistic": "daily_maximum"},
    ],
)
@pytest.mark.parametrize("freq", ["D", "h"])
def test_extremes_by_attributes_though_the_name_says_mean(tmp_path, attributes, freq):
    field = weather("TA", "2003-01-01", "2003-01-03 23:00", freq=freq).assign_attrs(attributes)
    name = "t2m_daily-mean.nc" if freq == "D" else "t2m.nc"
    write_new(tmp_path / name, field)
    with pytest.raises(DataError, match=f"{name}: t2m: found ") as caught:
        read(tmp_path, "TA")
    assert "\n" not in str(caught.value)
    with pytest.raises(DataError, match=f"{name}: t2m: found "):
        read_era5_file(tmp_path / name)


@pytest.mark.parametrize("how", ["max", "min", "std"])
def test_extremes_by_the_history_of_the_data_store(tmp_path, how):
    history = REDUCED.format(name="2m_temperature", how=how, shift=0)
    write(tmp_path, "2m_temperature_0_daily-mean.nc", daily("TA"), history)
    with pytest.raises(DataError, match="daily-mean.nc: t2m: found .*by its history"):
        read(tmp_path, "TA")


@pytest.mark.parametrize(
    ("attributes", "history"),
    [
        ({"cell_methods": "time: mean within days"}, ""),
        ({"cell_methods": "area: time: mean"}, ""),
        ({"long_name": "Daily mean temperature"}, ""),
        ({"GRIB_stepType": "instant"}, REDUCED.format(name="2m_temperature", how="mean", shift=0)),
        ({}, "Mon Mar 03 2025: cdo daymean hourly.nc t2m.nc"),
    ],
)
def test_daily_means_stated_in_the_file(tmp_path, attributes, history):
    field = daily("TA", **attributes)
    write(tmp_path, "renamed.nc", field, history)
    np.testing.assert_allclose(read(tmp_path, "TA"), turned(field) - 273.15, atol=1e-4)


@pytest.mark.parametrize(("how", "hours"), [("mean", 24.0), ("sum", 1.0)])
@pytest.mark.parametrize("name", ["renamed.nc", "total_precipitation_0_daily-{how}.nc"])
def test_daily_accumulations_stated_in_the_file(tmp_path, how, hours, name):
    rain = daily("P", GRIB_stepType="accum")
    history = REDUCED.format(name="total_precipitation", how=how, shift=-1)
    write(tmp_path, name.format(how=how), rain, history)
    np.testing.assert_allclose(read(tmp_path, "P"), turned(rain) * 1e3 * hours, rtol=1e-5)


def test_mean_and_sum_contradict_each_other(tmp_path):
    history = REDUCED.format(name="total_precipitation", how="mean", shift=-1)
    write(tmp_path, "total_precipitation_0_daily-sum.nc", daily("P"), history)
    message = "tp: found daily sum by its file name and daily mean by its history, expected one"
    with pytest.raises(DataError, match=message):
        read(tmp_path, "P")


@pytest.mark.parametrize(("variable", "name"), [("TA", "2m_temperature"), ("P", "total_precipit")])
def test_days_of_another_time_zone(tmp_path, variable, name):
    history = REDUCED.format(name=name, how="mean", shift=7)
    write(tmp_path, f"{name}_0_daily-mean.nc", daily(variable), history)
    with pytest.raises(DataError, match="found days shifted by 7 h, expected days in UTC"):
        read(tmp_path, variable)


@pytest.mark.parametrize("hour", ["00", "12"])
@pytest.mark.parametrize(
    "attributes", [{}, {"GRIB_stepType": "instant"}, {"cell_methods": "time: point"}]
)
def test_one_value_a_day_without_a_statistic_is_a_snapshot(tmp_path, hour, attributes):
    field = weather("TA", f"2003-01-01 {hour}:00", f"2003-01-03 {hour}:00", freq="D")
    write_new(tmp_path / "t2m.nc", field.assign_attrs(attributes))
    message = "t2m.nc: file name: found t2m.nc, expected daily-mean in it"
    with pytest.raises(DataError, match=message):
        read(tmp_path, "TA")
    with pytest.raises(DataError, match=message):
        read_era5_file(tmp_path / "t2m.nc")


@pytest.mark.parametrize(("name", "unit"), [("rsds", "W m-2"), ("pr", "kg m-2 s-1")])
def test_a_daily_rate_without_a_statistic(tmp_path, name, unit):
    rate = daily("TA").rename(name).assign_attrs(units=unit)
    (rate * 0.0 + 1e-5).assign_attrs(units=unit).to_netcdf(tmp_path / "rate.nc")
    with pytest.raises(DataError, match=r"found rate.nc, expected daily-mean in it"):
        read(tmp_path, "SW_IN" if name == "rsds" else "P")


def test_a_file_for_each_hour_of_the_day_makes_daily_means(tmp_path):
    field = weather("TA", "2003-01-01", "2003-01-03 23:00")
    for hour in range(24):
        write_new(tmp_path / f"{hour:02}.nc", field[hour::24])
    expected = field.values.reshape(3, 24, 5, 8).mean(axis=1) - 273.15
    np.testing.assert_allclose(read(tmp_path, "TA"), np.roll(expected[:, ::-1], 4, 2), atol=1e-4)
    (tmp_path / "07.nc").unlink()
    message = "TA: found 3 of 3 days missing, first 2003-01-01 without 2003-01-01 07:00, expected"
    with pytest.raises(DataError, match=message):
        read(tmp_path, "TA")


def test_hourly_steps_in_a_file_of_daily_means(tmp_path):
    write_new(tmp_path / "t2m_daily-mean.nc", weather("TA", "2003-01-01", "2003-01-03 23:00"))
    with pytest.raises(DataError, match="found hourly time steps, but daily mean by its file name"):
        read(tmp_path, "TA")


def test_one_file_an_hour(tests_cases):
    """Values rise by 0.001 K per hour from 10.015 degC, as the files state in K."""
    folder = tests_cases / "era5_one_file_an_hour"
    days = pd.date_range("2005-01-01", "2005-01-03", unit="s")
    first, second = era5_days(era5_series(folder, "TA", days[:2]))
    np.testing.assert_allclose([first.mean(), second.mean()], [10.027, 10.051], atol=2e-3)
    message = "found 1 of 3 days missing, first 2005-01-03 with 1 of 24 hours in t2m_2005010300.nc"
    with pytest.raises(DataError, match=message):
        era5_series(folder, "TA", days)


def test_one_file_a_day(tmp_path):
    field = daily("TA")
    for day in range(3):
        write_new(tmp_path / f"2m_temperature_0_daily-mean_{day}.nc", field[day : day + 1])
    np.testing.assert_allclose(read(tmp_path, "TA"), turned(field) - 273.15, atol=1e-4)
    for path in sorted(tmp_path.iterdir()):
        path.rename(tmp_path / path.name[-4:])
    with pytest.raises(DataError, match=r"0.nc: file name: found 0.nc, expected daily-mean in it"):
        read(tmp_path, "TA")


@pytest.mark.parametrize("kind", ["avgua", "avgad"])
@pytest.mark.parametrize("months", [1, 3])
def test_monthly_means_by_step_type(tmp_path, kind, months):
    variable = "TA" if kind == "avgua" else "P"
    last = pd.Timestamp("2003-01-01") + pd.DateOffset(months=months - 1)
    field = weather(variable, "2003-01-01", last, freq="MS").assign_attrs(GRIB_stepType=kind)
    path = write_new(tmp_path / "a.nc", field)
    assert read_era5_file(path).attrs["step"] == "month"
    with pytest.raises(DataError, match="no daily or hourly map; a.nc has monthly means, expected"):
        read(tmp_path, variable)


def test_monthly_sums(tmp_path):
    field = weather("P", "2003-01-01", "2003-03-01", freq="MS")
    path = write(tmp_path, "tp.nc", field, "Mon Mar 03 2025: cdo monsum tp_daily.nc tp.nc")
    with pytest.raises(DataError, match="tp.nc: tp: found monthly sum by its history"):
        read_era5_file(path)


def test_monthly_means_of_each_hour_are_not_days(tmp_path):
    stamps = [pd.date_range(f"2003-0{month}-01", periods=24, freq="h") for month in (1, 2)]
    field = weather("TA", "2003-01-01", "2003-02-28 23:00")
    field = field.sel(time=np.concatenate(stamps)).assign_attrs(GRIB_stepType="avgid")
    write_new(tmp_path / "a.nc", field)
    with pytest.raises(DataError, match="no daily or hourly map; a.nc has monthly means"):
        era5_series(tmp_path, "TA", DAYS[:1])


def test_a_maximum_under_its_own_name(tmp_path):
    write_new(tmp_path / "a.nc", weather("TA", "2003-01-01", "2003-01-03 23:00").rename("mx2t"))
    with pytest.raises(DataError, match="TA: found no daily or hourly map; a.nc has only mx2t"):
        read(tmp_path, "TA")


def test_a_maximum_in_an_archive(tmp_path):
    field = weather("TA", "2003-01-01", "2003-01-03 23:00")
    path = write_new(tmp_path / "x.nc", field)
    pack(tmp_path / "download.zip", **{"data_stream-oper_stepType-max": path})
    with pytest.raises(DataError, match="stepType-max.nc: t2m: found maximum by its file name"):
        read(tmp_path, "TA")


def test_the_same_days_twice_name_both_files(tmp_path):
    write_new(tmp_path / "hours.nc", weather("TA", "2003-01-01", "2003-01-02 23:00"))
    write_new(tmp_path / "t2m_daily-mean.nc", daily("TA"))
    message = "found 2003-01-01 more than once, in hours.nc and t2m_daily-mean.nc, expected"
    with pytest.raises(DataError, match=message):
        read(tmp_path, "TA")


@pytest.mark.parametrize("name", ["t2m_monthly_200301.nc", "t2m_moda_2003.nc", "monmean.nc"])
def test_a_mean_of_one_month_is_no_hour(tmp_path, name):
    hours = weather("TA", "2003-01-01 00:00", "2003-01-03 23:00")
    write_new(tmp_path / name, hours[:1])
    write_new(tmp_path / "t2m_hours.nc", hours[1:])
    assert read_era5_file(tmp_path / name).attrs["step"] == "month"
    with pytest.raises(DataError, match="first 2003-01-01 without 2003-01-01 00:00"):
        read(tmp_path, "TA")


def test_hours_in_monthly_files_are_hours(tmp_path):
    hours = weather("TA", "2003-01-01 00:00", "2003-01-03 23:00")
    write_new(tmp_path / "era5_hourly_monthly_200301.nc", hours)
    assert read(tmp_path, "TA").sizes["time"] == 3
