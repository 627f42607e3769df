import numpy as np
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.fluxcom import fluxcom_years, read_fluxcom
from fluxprod.synthetic.native.fluxcom import write_fluxcom_year
from tests.readers.files.native_grid import GRID, numbered, write_cube

STEM = "NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-ERA5.8_4"
EPOCH = "days since 1582-10-15 00:00"


def nee_of(days: int) -> np.ndarray:
    """Cell number, negative on even days; no land in the southern row, no data in cell (2, 3)."""
    nee = numbered(days) * np.where(np.arange(days) % 2, 1.0, -1.0)[:, None, None]
    nee[:, 0] = np.nan
    nee[:, 2, 3] = 0.0
    return nee


def test_daily_cube(tmp_path):
    write_fluxcom_year(tmp_path, 2003, nee_of(365))
    write_fluxcom_year(tmp_path, 2004, nee_of(366))
    nee = read_fluxcom(tmp_path, range(2003, 2005))
    assert nee.dims == ("time", "lat", "lon")
    assert nee.sizes["time"] == 731
    assert str(nee.time.values[-1])[:10] == "2004-12-31"
    np.testing.assert_array_equal(nee.lat, GRID.lat)
    expected = np.concatenate([nee_of(365), nee_of(366)])
    expected[:, 2, 3] = np.nan
    np.testing.assert_allclose(nee, expected, atol=1e-3)


def monthly(folder, values, *, year=2003, units="gC m-2 d-1", steps=12, **options):
    path = folder / f"{STEM}.monthly.{year}.nc"
    # Real time axes are wrong often enough: this one has no meaning at all.
    clock = {"time": np.zeros(steps), "time_units": EPOCH}
    write_cube(path, "NEE", values, units=units, **clock, **options)


def test_monthly_cube_with_other_names_and_fill_not_declared(tmp_path):
    values = numbered(12).astype(np.float32)
    values[:, 0] = -9999.0
    monthly(tmp_path, values)
    nee = read_fluxcom(tmp_path, range(2003, 2004))
    assert str(nee.time.values[1])[:10] == "2003-02-01"
    assert np.isnan(nee[:, 0]).all()
    np.testing.assert_array_equal(nee[5, 1:], numbered()[1:])


def test_daily_files_come_before_monthly_ones(tmp_path):
    monthly(tmp_path, numbered(12))
    write_fluxcom_year(tmp_path, 2003, nee_of(365))
    assert [year.sizes["time"] for year in fluxcom_years(tmp_path, range(2003, 2004))] == [365]


def test_file_of_a_wrong_length(tmp_path):
    monthly(tmp_path, numbered(11), steps=11)
    with pytest.raises(DataError, match=r"2003.nc: time: found 11 steps, expected 12 months"):
        read_fluxcom(tmp_path, range(2003, 2004))


@pytest.mark.parametrize(
    ("values", "units", "message"),
    [
        (numbered(12), "kgC m-2 s-1", "units of NEE: found 'kgC m-2 s-1'"),
        (numbered(12), None, "units of NEE: found 'none'"),
        (numbered(12) - 999.0, "gC m-2 d-1", "magnitude of 999 g m-2 d-1, .* fill value"),
        (np.full((12, 4, 8), -9999.0), "gC m-2 d-1", "no data in any cell"),
    ],
)
def test_spoilt_file(tmp_path, values, units, message):
    monthly(tmp_path, values, units=units)
    with pytest.raises(DataError, match=message):
        read_fluxcom(tmp_path, range(2003, 2004))


def test_missing_year(tmp_path):
    write_fluxcom_year(tmp_path, 2003, nee_of(365))
    with pytest.raises(DataError, match="FLUXCOM files: found .*2003.nc.*each of 2003 to 2004"):
        read_fluxcom(tmp_path, range(2003, 2005))


@pytest.mark.parametrize(
    "stem",
    [
        "NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-ERA5.720_360.monthly",
        "NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-CRUJRA_v1.720_360.monthly",
        "NEE.RS_V006.FP-NONE.MLM-ALL.METEO-NONE.720_360.monthly",
        "NEE.RS_V006.FP-NONE.MLM-ALL.METEO-NONE.4320_2160.monthly",
    ],
)
def test_names_as_issued(tmp_path, stem):
    clock = {"time": np.zeros(12), "time_units": EPOCH}
    write_cube(tmp_path / f"{stem}.2003.nc", "NEE", numbered(12), units="gC m-2 d-1", **clock)
    assert read_fluxcom(tmp_path, range(2003, 2004)).sizes["time"] == 12


def test_two_products_in_a_folder(tmp_path):
    monthly(tmp_path, numbered(12))
    (tmp_path / "NEE.RS_V006.FP-NONE.MLM-ALL.METEO-NONE.8_4.monthly.2003.nc").touch()
    with pytest.raises(DataError, match="RS_METEO.*RS_V006.*expected one for each of 2003 to 2003"):
        read_fluxcom(tmp_path, range(2003, 2004))


@pytest.mark.parametrize("content", [b"<html>log in</html>", b"", b"\x89HDF\r\n\x1a\n cut"])
def test_broken_file(tmp_path, content):
    (tmp_path / f"{STEM}.monthly.2003.nc").write_bytes(content)
    with pytest.raises(DataError, match="monthly.2003.nc: file: found"):
        read_fluxcom(tmp_path, range(2003, 2004))


def test_truncated_file(tmp_path):
    write_fluxcom_year(tmp_path, 2003, nee_of(365))
    path = next(tmp_path.glob("*.nc"))
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(DataError, match="daily.2003.nc: file: found"):
        read_fluxcom(tmp_path, range(2003, 2004))


def test_missing_variable(tmp_path):
    clock = {"time": np.zeros(12), "time_units": EPOCH}
    path = tmp_path / f"{STEM}.monthly.2003.nc"
    write_cube(path, "GPP", numbered(12), units="gC m-2 d-1", **clock)
    with pytest.raises(DataError, match=r"NEE: found only \['GPP'\]"):
        read_fluxcom(tmp_path, range(2003, 2004))


@pytest.mark.parametrize(
    "name",
    [
        "NEE_2003_050_monthly.nc",
        "NEE_2003_005_daily.nc",
        "NEE_2003_025_monthlycycle.nc",
        "NEE_2003_025_hourly.nc",
    ],
)
def test_x_base_is_named_and_not_read(tmp_path, name):
    clock = {"time": np.zeros(12), "time_units": EPOCH}
    write_cube(tmp_path / name, "NEE", numbered(12), units="gC m-2 d-1", **clock)
    with pytest.raises(DataError) as caught:
        read_fluxcom(tmp_path, range(2003, 2004))
    assert f"found 1 of FLUXCOM-X-BASE, such as {name}, expected FLUXCOM RS" in str(caught.value)
    assert "get NEE.RS_METEO.FP-NONE" in str(caught.value)
    monthly(tmp_path, numbered(12))  # beside the product that is read, it does no harm
    assert read_fluxcom(tmp_path, range(2003, 2004)).sizes["time"] == 12
