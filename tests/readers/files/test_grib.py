"""GRIB files give the same days as NetCDF files of the same fields, and leave no index files."""

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.field import read_era5_file
from fluxprod.readers.era5.series import era5_series
from tests.readers.era5.era5_files import weather, write_new

needs_cfgrib = pytest.mark.skipif(
    importlib.util.find_spec("cfgrib") is None, reason="pip install 'fluxprod[grib]'"
)
DAYS = pd.date_range("2003-01-01", "2003-01-03", unit="s")
CODES = {"t2m": 167, "d2m": 168, "ssrd": 169, "tp": 228}


def message(handle, name, stamp, values):
    """One field; accumulations are forecasts from 06 and 18 UTC, as in MARS."""
    from eccodes import codes_clone, codes_set, codes_set_values

    made = codes_clone(handle)
    base, step = stamp, 0
    if name not in ("t2m", "d2m"):
        step = (stamp.hour - 7) % 12 + 1
        base = stamp - pd.Timedelta(step, "h")
    codes_set(made, "paramId", CODES[name])
    codes_set(made, "dataDate", int(f"{base:%Y%m%d}"))
    codes_set(made, "dataTime", base.hour * 100)
    codes_set(made, "stepRange", str(step))
    codes_set(made, "bitsPerValue", 24)
    codes_set_values(made, values.astype(float).ravel())
    return made


def grid(handle):
    from eccodes import codes_set

    for key, value in {
        "Ni": 8, "Nj": 5, "latitudeOfFirstGridPointInDegrees": 90.0,
        "latitudeOfLastGridPointInDegrees": -90.0, "longitudeOfFirstGridPointInDegrees": 0.0,
        "longitudeOfLastGridPointInDegrees": 315.0, "iDirectionIncrementInDegrees": 45.0,
        "jDirectionIncrementInDegrees": 45.0,
    }.items():  # fmt: skip
        codes_set(handle, key, value)


def write_grib(path, *fields):
    from eccodes import codes_grib_new_from_samples, codes_release, codes_write

    handle = codes_grib_new_from_samples("regular_ll_sfc_grib1")
    grid(handle)
    with path.open("wb") as file:
        for i, stamp in enumerate(pd.DatetimeIndex(fields[0].time.values)):
            for field in fields:
                made = message(handle, field.name, stamp, field.values[i])
                codes_write(made, file)
                codes_release(made)
    codes_release(handle)


@needs_cfgrib
def test_the_same_days_as_netcdf(tmp_path):
    warm = weather("TA", "2003-01-01", "2003-01-04 00:00")
    moist = weather("TD", "2003-01-01", "2003-01-04 00:00")
    rain = weather("P", "2003-01-01", "2003-01-04 00:00")
    (tmp_path / "grib").mkdir()
    (tmp_path / "nc").mkdir()
    write_grib(tmp_path / "grib" / "a.grib", warm, moist, rain)
    write_new(tmp_path / "nc" / "a.nc", warm, moist, rain)
    for variable, step in (("TA", 1e-4), ("TD", 1e-4), ("P", 1e-3)):
        fields = [
            xr.concat(list(era5_days(era5_series(tmp_path / kind, variable, DAYS))), "time")
            for kind in ("grib", "nc")
        ]
        np.testing.assert_allclose(*fields, atol=step)
        xr.testing.assert_equal(fields[0].time, fields[1].time)
        xr.testing.assert_allclose(fields[0].lon, fields[1].lon)
    assert [path.name for path in (tmp_path / "grib").iterdir()] == ["a.grib"]


@needs_cfgrib
def test_real_field(realdata):
    folder = realdata / "era5" / "grib"
    path = folder / "era5-single-level-scalar-time.grib"
    before = sorted(folder.iterdir())
    dataset = read_era5_file(path)
    assert dict(dataset.sizes) == {"time": 1, "lat": 121, "lon": 201}
    assert dataset.attrs["step"] == "hour"  # an analysis of the stream oper
    options = {"indexpath": ""}
    with xr.open_dataset(
        path, engine="cfgrib", decode_timedelta=False, backend_kwargs=options
    ) as plain:
        expected = plain.t2m.sortby("latitude") - 273.15
        np.testing.assert_allclose(dataset.TA[0], expected, atol=1e-4)
        assert dataset.time.values[0] == plain.valid_time.values
    assert sorted(folder.iterdir()) == before


@needs_cfgrib
@pytest.mark.parametrize("left", [5, 200, 0.5, -1])
def test_a_truncated_file(tmp_path, left):
    path = tmp_path / "a.grib"
    write_grib(path, weather("TA", "2003-01-01", "2003-01-04 00:00"))
    whole = path.read_bytes()
    path.write_bytes(whole[: left if isinstance(left, int) else int(left * len(whole))])
    with pytest.raises(
        DataError, match="a.grib: file: found unreadable .*, expected a complete GRIB"
    ):
        era5_series(tmp_path, "TA", DAYS)


def test_without_the_extra(tmp_path, monkeypatch):
    (tmp_path / "a.grib").write_bytes(b"GRIB and more")
    monkeypatch.setitem(sys.modules, "cfgrib", None)
    with pytest.raises(DataError, match=r"found GRIB, .*; pip install 'fluxprod\[grib\]'"):
        era5_series(tmp_path, "TA", DAYS)
