"""Latitude and longitude in any order, on the same grid or another, or with a meridian twice."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, regrid
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.field import read_era5_file
from fluxprod.readers.era5.series import era5_series
from tests.readers.era5.era5_files import weather, write_new

DAYS = pd.date_range("2003-01-01", "2003-01-04", unit="s")


def read(folder, variable="TA"):
    return list(era5_days(era5_series(folder, variable, DAYS)))


def means():
    field = weather("TA", "2003-01-01", "2003-01-04", freq="D")
    return field, np.roll(field.values[:, ::-1], 4, axis=2) - 273.15


def shifted(field):
    """Longitudes from -180 to 180."""
    turned = field.assign_coords(longitude=(field.longitude + 180.0) % 360.0 - 180.0)
    return turned.sortby("longitude")


def upside_down(field):
    return field.isel(latitude=slice(None, None, -1))


@pytest.mark.parametrize(
    "change", [shifted, upside_down, lambda field: upside_down(shifted(field))]
)
def test_files_of_a_series_in_different_order(tmp_path, change):
    field, expected = means()
    write_new(tmp_path / "a_daily-mean.nc", field[:2])
    write_new(tmp_path / "b_daily-mean.nc", change(field[2:]))
    for got, values in zip(read(tmp_path), expected, strict=True):
        np.testing.assert_allclose(got, values, atol=1e-4)
        assert list(got.lat) == [-90.0, -45.0, 0.0, 45.0, 90.0]
        assert got.lon[0] == -180.0


def test_a_file_of_a_series_on_another_grid(tmp_path):
    """Both have the same values in halves of the globe, and so have their averages."""
    for name, step, days in (("a", 45.0, DAYS[:2]), ("b", 22.5, DAYS[2:])):
        lat, lon = np.arange(-90.0, 91.0, step), np.arange(0.0, 360.0, step)
        coords = {"time": days, "latitude": lat, "longitude": lon}
        values = np.where(lat[:, None] < -60.0, 280.0, 290.0) + np.arange(2)[:, None, None]
        field = xr.DataArray(
            np.broadcast_to(values, (2, len(lat), len(lon))), coords, tuple(coords)
        )
        write_new(tmp_path / f"{name}_daily-mean.nc", field.rename("t2m").assign_attrs(units="K"))
    averages = [regrid(day, Grid(90.0)) for day in read(tmp_path)]
    np.testing.assert_allclose([day[1].mean() for day in averages], [16.85, 17.85] * 2, rtol=1e-5)
    assert [day.dims for day in averages] == [("lat", "lon")] * 4


def with_twin(field, difference=0.0):
    """The meridian of the first column again, in the last."""
    first = field.isel(longitude=[0])
    last = (first + difference).assign_coords(longitude=first.longitude + 360.0)
    return xr.concat([field, last], "longitude").assign_attrs(field.attrs).rename(field.name)


@pytest.mark.parametrize("change", [shifted, lambda field: field])
@pytest.mark.parametrize("freq", ["D", "h"])
def test_a_meridian_twice(tmp_path, change, freq):
    field = weather("TA", "2003-01-01", "2003-01-04 23:00", freq=freq)
    name = "a_daily-mean.nc" if freq == "D" else "a.nc"
    write_new(tmp_path / name, with_twin(change(field)))
    expected = field.values.reshape(4, -1, 5, 8).mean(axis=1) - 273.15
    for got, values in zip(read(tmp_path), expected, strict=True):
        np.testing.assert_allclose(got, np.roll(values[::-1], 4, axis=1), atol=1e-4)
        assert list(got.lon) == list(np.arange(-180.0, 180.0, 45.0))
    write_new(tmp_path / name, with_twin(change(field), 0.5))
    message = rf"{name}: lon: found -?\d+ and \d+, the same meridian, with different values"
    with pytest.raises(DataError, match=message):
        read(tmp_path)


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("TA", "2m_temperature_0_daily-mean.nc"),
        ("SW_IN", "surface_solar_radiation_downwards_0_daily-sum.nc"),
        ("P", "total_precipitation_0_daily-sum.nc"),
    ],
)
def test_the_case_of_a_meridian_twice(tests_cases, variable, name):
    days = pd.date_range("2003-01-01", "2003-12-31", unit="s")
    series = era5_series(tests_cases / "era5_longitude_twice", variable, days)
    with pytest.raises(DataError, match=f"{name}: lon: found -180 and 180, the same meridian"):
        next(era5_days(series))


@pytest.mark.parametrize(
    ("axis", "values"),
    [
        ("latitude", [90.0, 45.0, 0.0, -45.0, -80.0]),
        ("latitude", [90.0, 45.0, 45.0, 0.0, -45.0]),
        ("latitude", [180.0, 90.0, 0.0, -90.0, -180.0]),
        ("latitude", [90.0, 45.0, np.nan, -45.0, -90.0]),
        ("longitude", [0.0, 45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 300.0]),
        ("longitude", [0.0, 90.0, 180.0, 270.0, 360.0, 450.0, 540.0, 630.0]),
        ("longitude", [140.0, 150.0, 160.0, 170.0, 180.0, 190.0, 200.0, 210.0]),
    ],
)
def test_an_irregular_grid(tmp_path, axis, values):
    field = means()[0].assign_coords({axis: values})
    write_new(tmp_path / "a_daily-mean.nc", field)
    with pytest.raises(DataError, match=f"a_daily-mean.nc: {axis[:3]}: found .*, expected"):
        read(tmp_path)


def test_a_file_read_completely_has_each_meridian_once(tmp_path):
    field = weather("TA", "2003-01-01", "2003-01-02", freq="h")
    got = read_era5_file(write_new(tmp_path / "a.nc", with_twin(field)))
    assert list(got.lon) == list(np.arange(-180.0, 180.0, 45.0))
    expected = np.roll(field.values[:, ::-1], 4, axis=2) - 273.15
    np.testing.assert_allclose(got.TA, expected, atol=1e-4)
    with pytest.raises(DataError, match="b.nc: lon: found 0 and 360, the same meridian"):
        read_era5_file(write_new(tmp_path / "b.nc", with_twin(field, 1.0)))
    one = read_era5_file(write_new(tmp_path / "c.nc", field[:, 2:3, 3:4]))
    np.testing.assert_allclose(one.TA, field[:, 2:3, 3:4] - 273.15, atol=1e-4)
    uneven = field.assign_coords(latitude=[90.0, 45.0, 10.0, -45.0, -90.0])
    with pytest.raises(DataError, match="d.nc: lat: .*expected a regular grid"):
        read_era5_file(write_new(tmp_path / "d.nc", uneven))
