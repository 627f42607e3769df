import zipfile

import netCDF4
import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.readers.inversions.gfas import read_gfas_monthly
from fluxprod.synthetic.native.gfas import write_gfas_year
from tests.readers.files.native_grid import GRID, numbered, write_cube

# 1e-8 kg m-2 s-1 of CO2 = 1e-5 g * 86,400 s * 12.011 / 44.009 = 0.235804 g m-2 d-1 of carbon.
CARBON = 0.235804
NAME = "cams_gfas_co2fire_2003.nc"


def one_fire() -> np.ndarray:
    """1e-8 kg m-2 s-1 in row 1, column 6 on the first two days of February, nothing elsewhere."""
    fire = np.zeros((365, 4, 8))
    fire[31:33, 1, 6] = 1e-8
    return fire


def test_monthly_mean_of_carbon(tmp_path):
    write_gfas_year(tmp_path, 2003, one_fire())
    fire = read_gfas_monthly(tmp_path, range(2003, 2004))
    expected = np.zeros((12, 4, 8))
    expected[1, 1, 6] = CARBON * 2 / 28
    assert fire.dims == ("time", "lat", "lon")
    np.testing.assert_allclose(fire, expected, rtol=1e-4)
    np.testing.assert_array_equal(fire.lat, GRID.lat)
    np.testing.assert_array_equal(fire.lon, GRID.lon)


def test_no_fire_is_exactly_zero_though_its_packed_value_is_not(tmp_path):
    path = write_gfas_year(tmp_path, 2003, one_fire())
    with netCDF4.Dataset(path) as dataset:
        assert dataset["co2fire"][0].min() > 0.0
    fire = read_gfas_monthly(tmp_path, range(2003, 2004))
    assert (fire != 0.0).sum() == 1


def test_years_before_the_record_are_left_out(tmp_path):
    write_gfas_year(tmp_path, 2003, one_fire())
    fire = read_gfas_monthly(tmp_path, range(2001, 2004))
    assert fire.time.dt.year.values.tolist() == [2003] * 12


def test_a_year_of_the_record_without_a_file(tmp_path):
    for year in (2003, 2005):
        write_gfas_year(tmp_path, year, one_fire())
    with pytest.raises(DataError, match="found 2004-01-01 missing, expected each day of 2004 once"):
        read_gfas_monthly(tmp_path, range(2001, 2006))


def test_average_on_a_coarser_grid(tmp_path):
    # One of four cells of equal width; rows 0 and 1 are sin(45) and 1 - sin(45) of a hemisphere.
    write_gfas_year(tmp_path, 2003, one_fire())
    fire = read_gfas_monthly(tmp_path, range(2003, 2004), grid=Grid(90.0))
    assert fire.shape == (12, 2, 4)
    share = np.sin(np.pi / 4) / 2
    np.testing.assert_allclose(fire[1, 0, 3], CARBON * 2 / 28 * share, rtol=1e-4)


def new_layout(folder, values, *, units="kg m**-2 s**-1", day_count=365, **options):
    """Files of the new data store: valid_time, float, -180 to 180; two of them, cut in June."""
    seconds = pd.date_range("2003-01-01", periods=day_count, unit="s").asi8
    names = ("valid_time", "latitude", "longitude")
    for number, part in enumerate((slice(0, 160), slice(160, None))):
        path = folder / f"cams_gfas_co2fire_2003-{number}.nc"
        clock = {"time": seconds[part], "time_units": "seconds since 1970-01-01"}
        write_cube(path, "co2fire", values[part], units=units, names=names, **clock, **options)


def test_new_layout_in_two_files(tmp_path):
    new_layout(tmp_path, np.float32(1e-8) * numbered(365).astype(np.float32))
    fire = read_gfas_monthly(tmp_path, range(2003, 2004))
    np.testing.assert_allclose(fire, CARBON * numbered(12), rtol=1e-5)


def test_gap_within_a_year(tmp_path):
    new_layout(tmp_path, np.zeros((364, 4, 8)), day_count=364)
    with pytest.raises(DataError, match="found 2003-12-31 missing, expected each day of 2003 once"):
        read_gfas_monthly(tmp_path, range(2003, 2004))


def test_gap_in_a_year_that_is_not_requested(tmp_path):
    new_layout(tmp_path, np.zeros((500, 4, 8)), day_count=500)  # to May 2004
    assert read_gfas_monthly(tmp_path, range(2001, 2004)).sizes["time"] == 12


def test_day_in_two_files(tmp_path):
    new_layout(tmp_path, np.zeros((365, 4, 8)))
    write_gfas_year(tmp_path, 2003, one_fire())
    with pytest.raises(DataError, match="2003-01-01 twice"):
        read_gfas_monthly(tmp_path, range(2003, 2004))


@pytest.mark.parametrize(
    ("values", "units", "message"),
    [
        (np.zeros((365, 4, 8)), "kg m-2 d-1", "units of co2fire: found 'kg m-2 d-1'"),
        (np.full((365, 4, 8), -1e-8), "kg m-2 s-1", "co2fire: found -1e-08 kg m-2 s-1"),
        (np.full((365, 4, 8), np.nan), "kg m-2 s-1", "co2fire: found missing values"),
        (np.full((365, 4, 8), 9.969e36), "kg m-2 s-1", "check the unit and fill value"),
    ],
)
def test_impossible_emissions(tmp_path, values, units, message):
    new_layout(tmp_path, values, units=units)
    with pytest.raises(DataError, match=message):
        read_gfas_monthly(tmp_path, range(2003, 2004))


def test_carbon_instead_of_co2_is_refused(tmp_path):
    path = write_gfas_year(tmp_path, 2003, one_fire())
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.renameVariable("co2fire", "cfire")
    with pytest.raises(DataError, match=r"co2fire: found only \['cfire'\]"):
        read_gfas_monthly(tmp_path, range(2003, 2004))


def test_no_file(tmp_path):
    with pytest.raises(DataError, match="found no such file, expected .* days of 2001 to 2002"):
        read_gfas_monthly(tmp_path, range(2001, 2003))


def as_issued_by_ftp(folder, day, values):
    """One day: hours since 1900, 0 to 360, north to south, packed so that no fire is not zero."""
    step, no_fire = 1e-12, 3e-13
    packed = np.round((values - no_fire) / step).astype("i2")
    write_cube(
        folder / f"z_cams_c_ecmf_{day:%Y%m%d}000_gfas_an_sfc_co2fire.nc",
        "co2fire",
        packed[None, ::-1],
        units="kg m**-2 s**-1",
        time=np.array([(day - pd.Timestamp("1900-01-01")).days * 24.0]),
        time_units="hours since 1900-01-01 00:00:00.0",
        lat=GRID.lat[::-1],
        lon=GRID.lon % 360.0,
        scale_factor=step,
        add_offset=no_fire,
    )


def test_daily_files_of_the_ftp(tmp_path):
    fire = np.zeros((4, 8))
    fire[1, 6] = 1e-8
    for day in pd.date_range("2003-01-01", "2003-12-31"):
        as_issued_by_ftp(tmp_path, day, fire if day.month == 2 else np.zeros((4, 8)))
    found = read_gfas_monthly(tmp_path, range(2003, 2004))
    expected = np.zeros((12, 4, 8))
    expected[1, 1, 6] = CARBON
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert (found != 0.0).sum() == 1
    np.testing.assert_array_equal(found.lon, GRID.lon)


def test_archive_of_the_data_store(tmp_path):
    """As downloaded: a meaningless name, and two files."""
    inside = tmp_path / "inside"
    inside.mkdir()
    new_layout(inside, np.float32(1e-8) * numbered(365).astype(np.float32))
    with zipfile.ZipFile(tmp_path / "d1f3a.zip", "w") as archive:
        for path in inside.glob("*.nc"):
            archive.write(path, path.name)
    fire = read_gfas_monthly(tmp_path, range(2003, 2004))
    np.testing.assert_allclose(fire, CARBON * numbered(12), rtol=1e-5)


def test_mean_of_days_does_not_depend_on_blocks(tmp_path):
    """31 is not a multiple of the days in memory at once; the emission of day d is d."""
    days = np.arange(1.0, 366.0)[:, None, None] * np.ones((365, 4, 8))
    new_layout(tmp_path, (1e-9 * days).astype("f4"))
    fire = read_gfas_monthly(tmp_path, range(2003, 2004))
    np.testing.assert_allclose(fire[0], 0.1 * CARBON * 16.0, rtol=1e-5)  # mean of 1 to 31
    np.testing.assert_allclose(fire[11], 0.1 * CARBON * 350.0, rtol=1e-5)  # of 335 to 365


def test_packed_file_in_which_most_cells_burn(tmp_path):
    """The packed value of no fire is three steps above zero, so the stated packing is wrong."""
    path = write_gfas_year(tmp_path, 2003, one_fire())
    with netCDF4.Dataset(path, "a") as dataset:
        dataset["co2fire"].add_offset += 3.0 * dataset["co2fire"].scale_factor
    with pytest.raises(DataError, match="fire in 32 of 32 cells, expected no fire in most"):
        read_gfas_monthly(tmp_path, range(2003, 2004))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a_co2fire.nc", b"<!DOCTYPE html><html>log in</html>"),
        ("a_co2fire.nc", b""),
        ("a_co2fire.nc", b"\x89HDF\r\n\x1a\n cut"),
        ("a.zip", b"PK\x03\x04 cut"),
        ("a_co2fire.grib", b"GRIB cut"),
    ],
)
def test_broken_file(tmp_path, name, content):
    write_gfas_year(tmp_path, 2003, one_fire())
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=name) as caught:
        read_gfas_monthly(tmp_path, range(2003, 2004))
    assert "\n" not in str(caught.value)


def test_truncated_file(tmp_path):
    path = write_gfas_year(tmp_path, 2003, one_fire())
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(DataError, match="cams_gfas_co2fire_2003.nc: file"):
        read_gfas_monthly(tmp_path, range(2003, 2004))


def test_grib_by_the_date_of_its_day(tmp_path):
    """A field covers 0 to 24 h of its date; its valid time is the next day."""
    eccodes = pytest.importorskip("eccodes")
    pytest.importorskip("cfgrib")
    keys = {
        "Ni": 8,
        "Nj": 4,
        "iDirectionIncrementInDegrees": 45,
        "jDirectionIncrementInDegrees": 45,
    }
    keys |= {"latitudeOfFirstGridPointInDegrees": 67.5, "latitudeOfLastGridPointInDegrees": -67.5}
    keys |= {"longitudeOfFirstGridPointInDegrees": 22.5}
    keys |= {"longitudeOfLastGridPointInDegrees": 337.5}
    with (tmp_path / "a_co2fire.grib").open("wb") as file:
        for number, day in enumerate(pd.date_range("2003-01-01", "2003-12-31")):
            message = eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib1")
            for key, value in {**keys, "paramId": 210080, "dataDate": int(f"{day:%Y%m%d}")}.items():
                eccodes.codes_set(message, key, value)
            eccodes.codes_set(message, "stepRange", "0-24")
            fire = np.full((4, 8), 1e-8 if number < 31 else 0.0)
            eccodes.codes_set_values(message, fire.ravel())
            eccodes.codes_write(message, file)
            eccodes.codes_release(message)
    fire = read_gfas_monthly(tmp_path, range(2003, 2004))
    np.testing.assert_allclose(fire[0], CARBON, rtol=1e-3)
    assert (fire[1:] == 0.0).all()


LAT, LON = 90 / 7 * np.arange(-6, 7, 2), 90 / 7 * np.arange(1, 28, 2)  # not exact in float32


def one_cell_burns(folder, cut, *axes):
    """1e-8 kg m-2 s-1 at 64 S, 39 E all the year; after ``cut`` days, a file of other axes."""
    fire = np.zeros((365, 7, 14))
    fire[:, 1, 1] = 1e-8
    for number, part in enumerate((slice(0, cut), slice(cut, None))):
        lat, lon = axes[number]
        path = folder / f"cams_gfas_co2fire_2003-{number}.nc"
        clock = {"time": np.arange(365)[part], "time_units": "days since 2003-01-01"}
        write_cube(path, "co2fire", fire[part], units="kg m-2 s-1", lat=lat, lon=lon, **clock)


@pytest.mark.parametrize("cut", [160, 151])  # in June, and after May
@pytest.mark.parametrize("turn", [0.0, 360.0])
def test_axes_of_float32_and_of_float64(tmp_path, cut, turn):
    single = LAT.astype("f4"), LON.astype("f4")
    double = LAT, np.where(LON > 180.0, LON - turn, LON)
    one_cell_burns(tmp_path, cut, single, double)
    fire = read_gfas_monthly(tmp_path, range(2003, 2004))
    assert fire.shape == (12, 7, 14)
    expected = np.zeros((12, 7, 14))
    expected[:, 1, 8] = CARBON  # 39 E is the second of 7 cells east of Greenwich
    np.testing.assert_allclose(fire, expected, rtol=1e-5)
    coarse = read_gfas_monthly(tmp_path, range(2003, 2004), grid=Grid(90.0))
    np.testing.assert_allclose(coarse, np.broadcast_to(coarse[:1], (12, 2, 4)), rtol=1e-5)


@pytest.mark.parametrize("cut", [160, 151])
def test_files_on_different_grids(tmp_path, cut):
    one_cell_burns(tmp_path, cut, (LAT, LON), (LAT, LON + 3.0))
    with pytest.raises(DataError, match="lon: found 14 cells from .* expected 14 from") as caught:
        read_gfas_monthly(tmp_path, range(2003, 2004))
    assert ("2003-1.nc" in str(caught.value)) == (cut == 160)  # within a month, the file is named
