"""The dewpoint is read with the care that temperature gets, and gives the deficit with it."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.field import read_era5_file
from fluxprod.readers.era5.series import era5_series, optional_era5_series
from fluxprod.readers.era5.vapour_deficit import vapour_deficit_days, vapour_pressure_deficit
from tests.readers.era5.era5_files import weather, write_new, write_old

DAYS = pd.date_range("2003-01-01", "2003-01-03", unit="s")
NAME = "{}_stream-oper_daily-{}.nc"
AIR, DEWPOINT = "2m_temperature", "2m_dewpoint_temperature"


def celsius(days):
    return np.stack([day.values for day in days])


def deficits(folder):
    air, dewpoint = (era5_series(folder, name, DAYS) for name in ("TA", "TD"))
    return list(vapour_deficit_days(air, dewpoint))


def constant(name, kelvin, first="2003-01-01", last="2003-01-03"):
    """Daily means that grow from day to day, so that no map repeats."""
    made = weather(name, first, last, freq="D")
    growth = 1e-3 * np.arange(len(made))[:, None, None]
    return made.copy(data=(kelvin + growth + 0.0 * made).astype(np.float32))


def test_deficit_by_hand():
    """Table of WMO No. 49: 42.430 hPa at 30, 23.373 at 20, 12.272 at 10 degC, over water."""
    air, dewpoint = np.array([30.0, 20.0, 10.0, np.nan]), np.array([20.0, 10.0, 10.0, 1.0])
    got = vapour_pressure_deficit(air, dewpoint)
    np.testing.assert_allclose(got, [19.057, 11.101, 0.0, np.nan], rtol=1.5e-3)
    assert vapour_pressure_deficit(np.array(10.0), np.array(10.5)) == 0.0


def test_days_are_means_of_their_hours(tmp_path):
    hours = weather("TD", "2003-01-01", "2003-01-04 00:00")
    write_old(tmp_path / "old.nc", hours.sel(time="2003-01-01"))
    write_new(tmp_path / "new.nc", hours.sel(time=slice("2003-01-02", None)))
    (kept,) = {day.attrs["units"] for day in era5_days(era5_series(tmp_path, "TD", DAYS))}
    got = celsius(era5_days(era5_series(tmp_path, "TD", DAYS)))
    by_day = hours.values[:72].reshape(3, 24, 5, 8).mean(axis=1, dtype=float) - 273.15
    expected = np.roll(by_day[:, ::-1], 4, axis=-1)  # south to north, -180 to 180
    assert kept == "degC"
    np.testing.assert_allclose(got, expected, atol=2e-3)  # packing


def test_maps_of_the_deficit(tmp_path):
    write_new(tmp_path / NAME.format(AIR, "mean"), constant("TA", 303.15))
    write_new(tmp_path / NAME.format(DEWPOINT, "mean"), constant("TD", 293.15))
    maps = deficits(tmp_path)
    assert [str(day.time.values)[:10] for day in maps] == ["2003-01-01", "2003-01-02", "2003-01-03"]
    assert {(day.name, day.attrs["units"], day.dtype.name) for day in maps} == {
        ("VPD", "hPa", "float32")
    }
    np.testing.assert_allclose(celsius(maps), 19.06, rtol=2e-3)


def test_an_absent_dewpoint_is_none_and_one_of_some_years_a_fault(tmp_path):
    write_new(tmp_path / NAME.format(AIR, "mean"), constant("TA", 300.0))
    assert optional_era5_series(tmp_path, "TD", DAYS) is None
    short = constant("TD", 290.0, last="2003-01-02")
    write_new(tmp_path / NAME.format(DEWPOINT, "mean"), short)
    with pytest.raises(
        DataError, match="TD: found 1 of 3 days missing, first 2003-01-03"
    ) as caught:
        optional_era5_series(tmp_path, "TD", DAYS)
    assert "\n" not in str(caught.value)


def test_monthly_means_are_no_days(tmp_path):
    months = weather("TD", "2003-01-01", "2003-12-01", freq="MS")
    write_new(tmp_path / "months.nc", months)
    assert optional_era5_series(tmp_path, "TD", DAYS) is None


@pytest.mark.parametrize(
    ("name", "attributes", "message"),
    [
        (NAME.format(DEWPOINT, "max"), {}, "d2m: found daily maximum by its file name"),
        (NAME.format(DEWPOINT, "sum"), {}, "d2m: found daily sum by its file name"),
        ("d2m.nc", {}, "file name: found d2m.nc, expected daily-mean in it"),  # of one hour
        (
            NAME.format(DEWPOINT, "mean"),
            {"units": "degF"},
            r"d2m: found unit 'degF', .*'K', 'degC'",
        ),
        (NAME.format(DEWPOINT, "mean"), {"GRIB_paramId": 167}, "found parameter 167 .* 168"),
    ],
)
def test_what_is_no_daily_mean_dewpoint_is_refused(tmp_path, name, attributes, message):
    write_new(tmp_path / name, constant("TD", 290.0).assign_attrs(attributes))
    with pytest.raises(DataError, match=message):
        optional_era5_series(tmp_path, "TD", DAYS)


def test_degrees_celsius_said_to_be_kelvin(tmp_path):
    write_new(tmp_path / NAME.format(DEWPOINT, "mean"), constant("TD", 15.0))
    with pytest.raises(DataError, match="d2m: found -258.* degC, expected -120 to 50"):
        list(era5_days(era5_series(tmp_path, "TD", DAYS)))


def test_a_dewpoint_above_the_temperature(tmp_path):
    write_new(tmp_path / NAME.format(AIR, "mean"), constant("TA", 280.0))
    write_new(tmp_path / NAME.format(DEWPOINT, "mean"), constant("TD", 290.0))
    message = "mean.nc: TD: found more than 1 K above TA in 100.0% of the cells on 2003-01-01"
    with pytest.raises(DataError, match=message):
        deficits(tmp_path)


def test_a_few_supersaturated_cells_have_no_deficit(tmp_path):
    air, dewpoint = constant("TA", 280.0), constant("TD", 275.0)
    dewpoint[:, 2, 2:4] = air[:, 2, 2:4].values + 5.0  # 2 of 40 cells
    write_new(tmp_path / NAME.format(AIR, "mean"), air)
    write_new(tmp_path / NAME.format(DEWPOINT, "mean"), dewpoint)
    zero = celsius(deficits(tmp_path)) == 0.0
    assert zero.sum() == 3 * 2
    assert zero[:, 2, 6:8].all()


def test_a_file_with_both_is_named_once(tmp_path):
    both = constant("TA", 280.0), constant("TD", 290.0)
    write_new(tmp_path / "2m_stream-oper_daily-mean.nc", *both)
    with pytest.raises(DataError) as caught:
        deficits(tmp_path)
    assert str(caught.value).count("daily-mean.nc") == 1


def test_another_grid_than_that_of_the_temperature(tmp_path):
    write_new(tmp_path / NAME.format(AIR, "mean"), constant("TA", 280.0))
    part = constant("TD", 275.0).isel(latitude=slice(0, 3))
    write_new(tmp_path / NAME.format(DEWPOINT, "mean"), part)
    with pytest.raises(DataError, match="TD: found other latitudes or longitudes than those of TA"):
        deficits(tmp_path)


def test_real_dewpoints_give_the_humidity_of_another_program(realdata):
    """At five Canadian cities, xclim computed humidity after Sonntag (1990) from the same files."""
    path = realdata / "era5" / "daily_surface_cancities_1990-1993.nc"
    weather = read_era5_file(path)
    with xr.open_dataset(path) as real:
        known = real.hurs.transpose(*weather.TA.dims).load()
    deficit = vapour_pressure_deficit(weather.TA.values, weather.TD.values)
    saturated = vapour_pressure_deficit(weather.TA.values, np.full_like(weather.TA.values, -200.0))
    assert np.isfinite(known).sum() == 7305
    assert (weather.TD < weather.TA).all()
    np.testing.assert_allclose(1.0 - deficit / saturated, known, rtol=0.01)
