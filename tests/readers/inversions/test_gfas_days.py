"""Which day a step covers, for all the ways in which GFAS has been stamped."""

from pathlib import Path

import netCDF4
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.inversions.gfas import check_days, read_gfas_monthly
from tests.readers.files.native_grid import GRID

CASE = Path(__file__).parents[2] / "cases" / "gfas_new_ads_stamp"
YEAR = range(2004, 2005)
DAY = pd.Timedelta(1, "D")
CARBON = 0.235804  # g m-2 d-1 of carbon in 1e-8 kg m-2 s-1 of CO2: 1e-5 * 86400 * 12.011 / 44.009


def write(path, stamps, *, axis="valid_time", days=None, **coords):
    """Emissions of the month's number times 1e-8 kg m-2 s-1, on the days that the steps cover."""
    days = stamps if days is None else days
    fire = 1e-8 * days.month.values[:, None, None] * np.ones((1, 4, 8))
    dataset = xr.Dataset(
        {"co2fire": ((axis, "latitude", "longitude"), fire, {"units": "kg m**-2 s**-1"})},
        coords={axis: stamps, "latitude": GRID.lat[::-1], "longitude": GRID.lon, **coords},
    )
    dataset.to_netcdf(path)


def monthly(folder):
    fire = read_gfas_monthly(folder, YEAR)
    assert fire.time.dt.month.values.tolist() == list(range(1, 13))
    return fire[:, 0, 0].values / CARBON


def days_of(first="2004-01-01", last="2004-12-31"):
    return pd.date_range(first, last)


def test_year_of_the_new_data_store():
    """January is 1e-8 in the file, and December 12e-8; a shift of a day would mix the months."""
    fire = read_gfas_monthly(CASE, YEAR)
    maxima = fire.max(("lat", "lon")).values
    assert fire.sizes["time"] == 12
    np.testing.assert_allclose(maxima, CARBON * np.arange(1, 13), rtol=1e-5)
    assert maxima[0] == pytest.approx(0.2358, abs=5e-5)


@pytest.mark.parametrize("lag", [0, 1])
@pytest.mark.parametrize("axis", ["time", "valid_time"])
def test_period_tells_start_from_end(tmp_path, axis, lag):
    write(tmp_path / "a_co2fire.nc", days_of() + lag * DAY, axis=axis, days=days_of())
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


def test_several_files_of_a_year_stamped_with_the_end(tmp_path):
    for month in range(1, 13):
        days = days_of()[days_of().month == month]
        write(tmp_path / f"co2fire_2004{month:02}.nc", days + DAY, days=days)
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


def test_old_and_new_layout_side_by_side(tmp_path):
    write(tmp_path / "co2fire_old.nc", days_of(last="2004-06-30"), axis="time")
    new = days_of("2004-07-01")
    write(tmp_path / "co2fire_new.nc", new + DAY, days=new)
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


def test_old_layout_may_end_anywhere(tmp_path):
    write(tmp_path / "a_co2fire.nc", days_of(last="2005-01-01"), axis="time")
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


@pytest.mark.parametrize("name", ["forecast_reference_time", "time"])
def test_reference_time_is_the_day(tmp_path, name):
    days = days_of(last="2005-01-01")  # the period alone would be ambiguous
    write(tmp_path / "a_co2fire.nc", days + DAY, days=days, **{name: ("valid_time", days)})
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


@pytest.mark.parametrize("hours", [0, 24])
def test_step_is_subtracted(tmp_path, hours):
    days = days_of(last="2005-01-01")
    step = xr.DataArray(np.int64(hours), attrs={"units": "hours"})
    stamps = days + pd.Timedelta(hours=hours)
    write(tmp_path / "a_co2fire.nc", stamps, days=days, forecast_period=step)
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


def test_axis_of_reference_times_beside_valid_times(tmp_path):
    days = days_of()
    coords = {"valid_time": ("time", days + DAY)}
    write(tmp_path / "a_co2fire.nc", days, axis="time", **coords)
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


@pytest.mark.parametrize("lag", [0, 12, 24])
def test_bounds_are_the_day(tmp_path, lag):
    days = days_of(last="2005-01-01")
    path = tmp_path / "a_co2fire.nc"
    write(path, days + pd.Timedelta(lag, "h"), days=days)
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.createDimension("two", 2)
        dataset["valid_time"].bounds = "span"
        bounds = dataset.createVariable("span", "f8", ("valid_time", "two"))
        bounds.units = "days since 2004-01-01"
        bounds[:] = np.arange(len(days))[:, None] + [0, 1]
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


def test_ftp_name_is_the_day_even_if_the_stamp_is_its_end(tmp_path):
    for day in days_of():
        name = f"z_cams_c_ecmf_{day:%Y%m%d}000_gfas_an_sfc_co2fire.nc"
        stamp = pd.DatetimeIndex([day + DAY])
        write(tmp_path / name, stamp, axis="time", days=pd.DatetimeIndex([day]))
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


def test_noon_is_within_its_day(tmp_path):
    write(tmp_path / "a_co2fire.nc", days_of() + pd.Timedelta(12, "h"), days=days_of())
    np.testing.assert_allclose(monthly(tmp_path), np.arange(1, 13), rtol=1e-5)


@pytest.mark.parametrize(
    ("stamps", "message"),
    [
        (days_of(last="2005-01-01"), "valid_time: found 2004-01-01 to 2005-01-01, which may be"),
        (days_of("2003-12-20", "2005-01-12"), "may be .* expected whole months.*; get whole"),
        (days_of("2004-01-02"), "may be the starts or the ends of the days"),
        (days_of() + pd.Timedelta(8, "h"), "found a step of 2004-01-01 08:00, expected means of"),
        (days_of("2004-01-03", "2005-01-01"), "found 2004-01-01 missing, expected each day"),
        (days_of("2004-01-02", "2004-12-30"), "found 2004-12-30 missing, expected each day"),
    ],
)
def test_unclear_days_are_refused(tmp_path, stamps, message):
    write(tmp_path / "a_co2fire.nc", stamps)
    with pytest.raises(DataError, match=message) as caught:
        check_days(tmp_path, YEAR)
    assert "\n" not in str(caught.value)


def test_bounds_of_another_length(tmp_path):
    path = tmp_path / "a_co2fire.nc"
    write(path, days_of())
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.createDimension("two", 2)
        bounds = dataset.createVariable("valid_time_bnds", "f8", ("valid_time", "two"))
        bounds.units = "days since 2004-01-01"
        bounds[:] = np.arange(366)[:, None] + [0, 31]
    with pytest.raises(DataError, match="valid_time_bnds: found steps of another length"):
        check_days(tmp_path, YEAR)


def test_reference_time_of_another_day(tmp_path):
    days = days_of()
    coords = {"forecast_reference_time": ("valid_time", days)}
    write(tmp_path / "a_co2fire.nc", days + 5 * DAY, days=days, **coords)
    with pytest.raises(DataError, match="found 2004-01-06 for the mean of 2004-01-01, expected a"):
        check_days(tmp_path, YEAR)


def test_name_of_another_day(tmp_path):
    name = "z_cams_c_ecmf_20040501000_gfas_an_sfc_co2fire.nc"
    write(tmp_path / name, days_of("2004-05-03", "2004-05-03"), axis="time")
    with pytest.raises(DataError, match="found 2004-05-03 in a file named 20040501"):
        check_days(tmp_path, YEAR)
