"""Wrong edits of ERA5."""

from pathlib import Path

import netCDF4
import numpy as np

from fluxprod.experiments.wrong_inputs.edit import (
    WrongEdit,
    attribute,
    copied,
    half_rolled,
    netcdf,
    plus,
    removed,
    renamed,
    rolled,
    times,
    upside_down,
)

TA, TD, SW_IN, P = "2m_temp*", "2m_dew*", "surface_solar*", "total_prec*"


def _snapshot(values: np.ndarray) -> np.ndarray:
    """Temperature at 12 UTC, when it is mid-afternoon at 30 E [K]."""
    lon = np.linspace(-np.pi, np.pi, values.shape[-1], endpoint=False)
    return np.asarray(values + 5.0 * np.cos(lon - np.radians(30.0)))


def _noon(values: np.ndarray) -> np.ndarray:
    """Radiation of one hour at 12 UTC, at full strength at 0 E and none on the night side."""
    lon = np.linspace(-np.pi, np.pi, values.shape[-1], endpoint=False)
    return np.asarray(values * np.pi * np.maximum(np.cos(lon), 0.0))


def _stale(values: np.ndarray) -> np.ndarray:
    """Repeat one day for a month."""
    values = values.copy()
    values[60:90] = values[60]
    return values


def _longitudes_from_zero(folder: Path) -> None:
    """Name the longitudes 0 to 360 without moving the values."""
    for path in sorted(folder.glob("*.nc")):
        with netCDF4.Dataset(path, "a") as dataset:
            lon = dataset["longitude"]
            lon[:] = lon[:] + 180.0


def _day_missing(folder: Path) -> None:
    path = sorted(folder.glob(TA))[0]
    with netCDF4.Dataset(path, "a") as dataset:
        dataset["t2m"][100] = np.nan


EDITS = (
    WrongEdit("era5", "TA upside down", netcdf(TA, "t2m", upside_down)),
    WrongEdit("era5", "TA rolled by half the globe", netcdf(TA, "t2m", half_rolled)),
    WrongEdit(
        "era5",
        "TA rolled by 30 degrees",
        netcdf(TA, "t2m", lambda v: np.roll(v, v.shape[-1] // 12, -1)),
    ),
    WrongEdit("era5", "daily maximum in place of TA", netcdf(TA, "t2m", plus(5.0))),
    WrongEdit("era5", "snapshot at 12 UTC in place of TA", netcdf(TA, "t2m", _snapshot)),
    WrongEdit("era5", "TA half a year late", netcdf(TA, "t2m", lambda v: np.roll(v, 182, 0))),
    WrongEdit("era5", "TA a month late", netcdf(TA, "t2m", rolled(30, 0))),
    WrongEdit("era5", "TA a day late", netcdf(TA, "t2m", rolled(1, 0))),
    WrongEdit("era5", "TA in degC, said to be in K", netcdf(TA, "t2m", plus(-273.15))),
    WrongEdit("era5", "TA stands still for a month", netcdf(TA, "t2m", _stale)),
    WrongEdit("era5", "TA of 2003 as that of 2005", copied("2m_t*2003.nc", "2m_t*2005.nc")),
    WrongEdit("era5", "a day of TA missing", _day_missing),
    WrongEdit(
        "era5",
        "names say daily maximum of TA",
        renamed(TA, lambda name: name.replace("-mean", "-max")),
    ),
    WrongEdit("era5", "dewpoint upside down", netcdf(TD, "d2m", upside_down)),
    WrongEdit("era5", "dewpoint half a year late", netcdf(TD, "d2m", rolled(182, 0))),
    WrongEdit("era5", "dewpoint in degC, said to be in K", netcdf(TD, "d2m", plus(-273.15))),
    WrongEdit("era5", "dewpoint of 2003 missing", removed("2m_dew*2003.nc")),
    WrongEdit("era5", "SW_IN upside down", netcdf(SW_IN, "ssrd", upside_down)),
    WrongEdit("era5", "SW_IN rolled by half the globe", netcdf(SW_IN, "ssrd", half_rolled)),
    WrongEdit("era5", "SW_IN of an hour for a day", netcdf(SW_IN, "ssrd", times(1.0 / 24.0))),
    WrongEdit(
        "era5", "SW_IN accumulated since midnight and summed", netcdf(SW_IN, "ssrd", times(12.0))
    ),
    WrongEdit("era5", "SW_IN at 12 UTC for a day", netcdf(SW_IN, "ssrd", _noon)),
    WrongEdit(
        "era5", "SW_IN half a year late", netcdf(SW_IN, "ssrd", lambda v: np.roll(v, 182, 0))
    ),
    WrongEdit(
        "era5", "SW_IN in J m-2, said to be in W m-2", attribute(SW_IN, "ssrd", "units", "W m**-2")
    ),
    WrongEdit("era5", "P accumulated since midnight and summed", netcdf(P, "tp", times(12.0))),
    WrongEdit("era5", "P in mm, said to be in m", netcdf(P, "tp", times(1e3))),
    WrongEdit("era5", "P of an hour for a day", netcdf(P, "tp", times(1.0 / 24.0))),
    WrongEdit("era5", "P upside down", netcdf(P, "tp", upside_down)),
    WrongEdit("era5", "P rolled by half the globe", netcdf(P, "tp", half_rolled)),
    WrongEdit("era5", "P of 2003 as that of 2005", copied("total*2003.nc", "total*2005.nc")),
    WrongEdit("era5", "longitudes counted from 0 without moving the values", _longitudes_from_zero),
)
