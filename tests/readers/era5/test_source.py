"""Zip archives of the Climate Data Store, read in place."""

import zipfile

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.field import read_era5_file
from fluxprod.readers.era5.series import era5_series
from fluxprod.readers.era5.source import era5_sources
from tests.readers.era5.era5_files import weather, write_new, write_old

DAYS = pd.date_range("2003-01-01", "2003-01-03", unit="s")
SPAN = ("2003-01-01", "2003-01-04 00:00")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXPROD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "era5").mkdir()
    return tmp_path / "era5"


def pack(archive, **files):
    """Put files into an archive as NAME.nc and remove them."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for name, path in files.items():
            out.write(path, f"{name}.nc")
            path.unlink()
    return archive


def mixed(folder, name):
    """The answer to a request for instantaneous and accumulated variables."""
    warm, light, rain = (weather(variable, *SPAN) for variable in ("TA", "SW_IN", "P"))
    instant = write_new(folder / "instant.nc", warm)
    accum = write_new(folder / "accum.nc", light, rain)
    files = {
        "data_stream-oper_stepType-instant": instant,
        "data_stream-oper_stepType-accum": accum,
    }
    return pack(folder / name, **files), warm, rain


def read(folder, variable):
    return xr.concat(list(era5_days(era5_series(folder, variable, DAYS))), "time")


@pytest.mark.parametrize("name", ["download.nc", "download.zip", "ab12.grib"])
def test_an_archive_of_two_streams_with_any_suffix(folder, name):
    path, warm, rain = mixed(folder, name)
    members = sorted(source.member for source in era5_sources(folder))
    assert members == [
        "data_stream-oper_stepType-accum.nc",
        "data_stream-oper_stepType-instant.nc",
    ]
    expected = warm.values[:72].reshape(3, 24, 5, 8).mean(axis=1) - 273.15
    got = read(folder, "TA")
    np.testing.assert_allclose(got, np.roll(expected[:, ::-1], 4, axis=2), atol=1e-4)
    total = rain.values[1:73].reshape(3, 24, 5, 8).sum(axis=1) * 1e3
    got = read(folder, "P")
    np.testing.assert_allclose(got, np.roll(total[:, ::-1], 4, axis=2), rtol=1e-5)
    assert [found.name for found in folder.iterdir()] == [name]
    assert sorted(read_era5_file(path).data_vars) == ["P", "SW_IN", "TA"]


@pytest.mark.parametrize("in_archive", [True, False])
def test_the_statistic_is_in_either_name(folder, in_archive):
    rain = weather("P", "2003-01-01", "2003-01-03", freq="D")
    path = write_old(folder / "x.nc", rain)
    name = "total_precipitation_0_daily-mean"
    member, archive = ("data_0", f"{name}.zip") if in_archive else (name, "download.zip")
    pack(folder / archive, **{member: path})
    expected = np.roll(rain.values[:, ::-1], 4, axis=2) * 24e3  # a mean of hours
    np.testing.assert_allclose(read(folder, "P"), expected, rtol=1e-3, atol=1e-2)


def test_a_daily_accumulation_without_a_statistic_in_its_name(folder):
    write_new(folder / "rain.nc", weather("P", "2003-01-01", "2003-01-03", freq="D"))
    with pytest.raises(DataError, match="found rain.nc, expected daily-mean or daily-sum in it"):
        read(folder, "P")


@pytest.mark.parametrize("share", [0.001, 0.2, 0.7, 0.999])
def test_a_truncated_archive(folder, share):
    path, _, _ = mixed(folder, "download.nc")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataError, match="download.nc") as caught:
        read(folder, "TA")
    assert "\n" not in str(caught.value)
    path.write_bytes(whole)
    assert read(folder, "TA").sizes["time"] == 3


def test_a_corrupt_member_is_named_with_its_archive(folder):
    broken = folder / "broken.nc"
    broken.write_bytes(write_new(folder / "x.nc", weather("TA", *SPAN)).read_bytes()[:5000])
    (folder / "x.nc").unlink()
    pack(folder / "download.zip", **{"data_stream-oper_stepType-instant": broken})
    message = r"download.zip/data_stream-oper_stepType-instant.nc: file: found unreadable"
    with pytest.raises(DataError, match=message):
        read(folder, "TA")


def test_no_folder(tmp_path):
    with pytest.raises(DataError, match="absent: folder: found nothing"):
        era5_sources(tmp_path / "absent")
