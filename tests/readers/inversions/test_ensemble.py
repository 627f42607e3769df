import zipfile

import netCDF4
import numpy as np
import pytest

from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import monthly_axis
from fluxprod.readers.inversions.ensemble import member_rows, read_inversions
from fluxprod.synthetic.native.inversions import write_gcp2022
from tests.readers.files.native_grid import GRID, numbered

FLUX = "land_flux_only_fossil_cement_adjusted"
RIVER = "land_flux_fossil_cement_and_river_adjusted"
GCP2022 = (
    "CAMS CarboScope CTE NISMON-CO2 UoE CMS-Flux GONGGA THU CAMS-Satellite".split()  # noqa: SIM905
)
YEARS = range(2001, 2003)
NAME = "GCP2022_inversions_1x1_version1_1_20221122.nc"


@pytest.fixture
def folder(tmp_path):
    """Member k is 365.25 (k + 1) g m-2 yr-1 times the number of the cell; UoE has no 2001."""
    time = monthly_axis(2001, 2002)
    flux = [365.25 * (k + 1) * numbered(24) for k in range(5)]
    flux[4][:12] = np.nan
    flux += [np.broadcast_to(np.nan, (24, 4, 8))] * 4
    write_gcp2022(tmp_path / NAME, flux, [2.0 * field for field in flux], GCP2022, time)
    return tmp_path


def test_flux_in_grams_of_carbon_a_day(folder):
    # 365.25 g m-2 yr-1 are 1 g m-2 d-1; the file's step is 0.056 g m-2 yr-1.
    flux = read_inversions(folder, ["CTE", "CAMS"], variable=FLUX, years=YEARS).flux
    assert flux.dims == ("member", "time", "lat", "lon")
    assert list(flux.member.values) == ["CTE", "CAMS"]
    np.testing.assert_array_equal(flux.lat, GRID.lat)
    np.testing.assert_array_equal(flux.lon, GRID.lon)
    np.testing.assert_allclose(flux.sel(member="CAMS"), numbered(24), atol=1e-4)
    np.testing.assert_allclose(flux.sel(member="CTE"), 3.0 * numbered(24), atol=1e-4)


def test_river_adjusted_variable_and_part_of_the_years(folder):
    flux = read_inversions(folder / NAME, ["CAMS"], variable=RIVER, years=range(2002, 2003)).flux
    assert str(flux.time.values[0])[:10] == "2002-01-01"
    assert flux.sizes["time"] == 12
    np.testing.assert_allclose(flux[0, 0], 2.0 * numbered(), atol=1e-4)


def test_absent_member_is_missing_and_not_zero(folder):
    flux = read_inversions(folder, ["UoE"], variable=FLUX, years=YEARS).flux
    assert np.isnan(flux[0, :12]).all()
    assert np.isfinite(flux[0, 12:]).all()


def test_surface_members_are_not_confused_with_satellite_ones(tmp_path):
    assert member_rows(tmp_path, GCP2022, ["CAMS", "cams-satellite", "nismon co2"]) == [0, 8, 3]
    newer = ["CAMS-Satellite", "CAMS v21r1", "CarboScope s99oc_v2022"]
    assert member_rows(tmp_path, newer, ["CAMS", "CarboScope"]) == [1, 2]


@pytest.mark.parametrize(
    "satellite", ["CAMS-Satellite", "CAMS_sat", "CAMS v24 (GOSAT)", "CAMS-OCO2"]
)
def test_names_of_versions_and_satellites(tmp_path, satellite):
    assert member_rows(tmp_path, [satellite, "CAMS v22r1", "Jena CarboScope"], ["CAMS"]) == [1]
    assert member_rows(tmp_path, [satellite, "CAMS"], ["CAMS", satellite]) == [1, 0]
    with pytest.raises(DataError, match="member CAMS: found none among"):
        member_rows(tmp_path, [satellite], ["CAMS"])


def test_member_without_data_in_the_years(folder):
    """UoE has no 2001, and the last four members have no data at all."""
    message = "adjusted, member UoE: found no data in any of the years"
    with pytest.raises(DataError, match=message):
        read_inversions(folder, ["CAMS", "UoE"], variable=FLUX, years=range(2001, 2002))
    with pytest.raises(DataError, match="member THU: found no data"):
        read_inversions(folder, ["THU"], variable=FLUX, years=YEARS)


@pytest.mark.parametrize("day", ["start", "middle", "end"])
def test_stamps_within_the_months(folder, day):
    path = next(folder.iterdir())
    starts = monthly_axis(2001, 2002)
    days = {"start": 0, "middle": 14, "end": starts.days_in_month - 1}[day]
    with netCDF4.Dataset(path, "a") as dataset:
        dataset["time"].units = "days since 2001-01-01"
        dataset["time"][:] = (starts - starts[0]).days + days
    flux = read_inversions(folder, ["CTE"], variable=FLUX, years=range(2002, 2003)).flux
    assert flux.sizes["time"] == 12
    assert str(flux.time.values[0])[:10] == "2002-01-01"


def test_stamps_at_the_ends_of_months(folder):
    with netCDF4.Dataset(next(folder.iterdir()), "a") as dataset:
        starts = monthly_axis(2001, 2003)[1:25]
        dataset["time"].units = "days since 2001-01-01"
        dataset["time"][:] = (starts - starts[0]).days + 31
    with pytest.raises(
        DataError, match="time: found 2001-02-01 to 2003-01-01, which look like the"
    ):
        read_inversions(folder, ["CTE"], variable=FLUX, years=range(2002, 2003))


def test_error_for_an_unknown_or_ambiguous_member_lists_those_present(tmp_path):
    with pytest.raises(DataError, match="member MIROC4: found none among .*'GONGGA'"):
        member_rows(tmp_path, GCP2022, ["MIROC4"])
    with pytest.raises(DataError, match=r"found \['CAMS a', 'CAMS b'\] among"):
        member_rows(tmp_path, ["CAMS a", "CAMS b"], ["CAMS"])


def test_years_outside_the_file(folder):
    with pytest.raises(DataError, match="time: found 24 months from 2001-01 to 2002-12"):
        read_inversions(folder, ["CAMS"], variable=FLUX, years=range(2001, 2004))


def test_missing_variable(folder):
    with pytest.raises(DataError, match="prior_flux: found only"):
        read_inversions(folder, ["CAMS"], variable="prior_flux", years=YEARS)


NEWER = ["CAMS", "CAMS-Satellite", "CarboScope", "CTE", "NISMON-CO2", "UoE", "MIROC", "COLA"]
NAMES_2024 = "GCP2024_inversions_1x1_version1_1_20240912.nc"


@pytest.fixture(params=["characters", "strings"])
def edition_2024(tmp_path, request):
    """No river-adjusted flux, more members, prior and fossil fluxes, 0 to 360, north to south."""
    path = tmp_path / NAMES_2024
    with netCDF4.Dataset(path, "w") as dataset:
        sizes = {"ensemble_member": len(NEWER), "time": 36, "latitude": 4, "longitude": 8}
        for name, size in sizes.items():
            dataset.createDimension(name, size)
        dataset.createVariable("latitude", "f4", ("latitude",))[:] = GRID.lat[::-1]
        dataset.createVariable("longitude", "f4", ("longitude",))[:] = np.sort(GRID.lon % 360.0)
        time = dataset.createVariable("time", "i4", ("time",))
        time.units = "days since 2000-01-15"
        time[:] = [round(30.44 * month) for month in range(36)]
        if request.param == "strings":
            dataset.createVariable("ensemble_member_name", str, ("ensemble_member",))
            dataset["ensemble_member_name"][:] = np.array(NEWER, object)
        else:
            dataset.createDimension("length", 20)
            dims = ("ensemble_member", "length")
            text = netCDF4.stringtochar(np.array([name.ljust(20) for name in NEWER], "S20"))
            dataset.createVariable("ensemble_member_name", "S1", dims)[:] = text
        for name in (FLUX, "prior_flux_land", "fossil_fuel_emissions"):
            flux = dataset.createVariable(name, "f4", tuple(sizes), fill_value=1e20)
            flux.units = "PgC m-2 yr-1"
            values = np.arange(len(NEWER))[:, None, None, None] + numbered(len(NEWER), 36)
            flux[:] = 365.25e-15 * values[:, :, ::-1] if name == FLUX else 7.0
        dataset[FLUX][3, 12:24] = 1e20  # CTE has no 2001
    return path


def test_later_edition(edition_2024):
    members = ["CarboScope", "CTE", "CAMS"]
    flux = read_inversions(edition_2024, members, variable=FLUX, years=range(2001, 2003)).flux
    assert flux.sizes == {"member": 3, "time": 24, "lat": 4, "lon": 8}
    np.testing.assert_array_equal(flux.lon, GRID.lon)
    # member k of the file holds k + the number of the cell; columns 4 to 7 are 0 to 180 E
    turned = np.roll(numbered(), 4, axis=1)
    np.testing.assert_allclose(flux.sel(member="CAMS")[5], turned, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(flux.sel(member="CarboScope")[5], 2.0 + turned, rtol=1e-5)
    assert np.isnan(flux.sel(member="CTE")[:12]).all()
    np.testing.assert_allclose(flux.sel(member="CTE")[12:], 3.0 + turned[None].repeat(12, 0))


def test_later_edition_has_no_rivers(edition_2024):
    with pytest.raises(DataError, match="this edition has none: set inversions.rivers to separate"):
        read_inversions(edition_2024, ["CAMS"], variable=RIVER, years=range(2001, 2003))


@pytest.mark.parametrize("suffix", [".nc", ".zip"])
def test_file_in_a_zip_archive(folder, tmp_path, suffix):
    inside = (folder / NAME).rename(tmp_path / "inside.nc")
    path = tmp_path / NAME.replace(".nc", suffix)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inside, NAME)
    flux = read_inversions(tmp_path, ["CAMS"], variable=FLUX, years=YEARS).flux
    np.testing.assert_allclose(flux[0], numbered(24), atol=1e-4)


@pytest.mark.parametrize(
    "content", [b"<html>log in</html>", b"", b"PK\x03\x04 cut", b"\x89HDF\r\n\x1a\n cut"]
)
def test_broken_file(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(DataError, match=NAME) as caught:
        read_inversions(tmp_path, ["CAMS"], variable=FLUX, years=YEARS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_truncated_file(folder, share):
    content = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(content[: round(share * len(content))])
    with pytest.raises(DataError, match=f"{NAME}: file"):
        read_inversions(folder, ["CAMS"], variable=FLUX, years=YEARS)


def test_repeated_month(folder):
    with netCDF4.Dataset(folder / NAME, "a") as dataset:
        dataset["time"][5] = dataset["time"][4] + 1
    with pytest.raises(DataError, match="expected each month once from 2001-01 to 2002-12"):
        read_inversions(folder, ["CAMS"], variable=FLUX, years=YEARS)


def test_wrong_number_of_member_names(folder):
    with netCDF4.Dataset(folder / NAME, "a") as dataset:
        dataset.renameVariable("ensemble_member_name", "spoilt")
        dataset.createDimension("three", 3)
        dataset.createVariable("ensemble_member_name", str, ("three",))
    with pytest.raises(DataError, match=r"an array \(3,\), expected a name for each of 9"):
        read_inversions(folder, ["CAMS"], variable=FLUX, years=YEARS)


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ("kgC m-2 s-1", "units of .*found 'kgC m-2 s-1'"),
        ("gC m-2 yr-1", "no magnitude above"),  # the values are in Pg
    ],
)
def test_wrong_unit(folder, units, message):
    with netCDF4.Dataset(folder / NAME, "a") as dataset:
        dataset[FLUX].units = units
    with pytest.raises(DataError, match=message):
        read_inversions(folder, ["CAMS"], variable=FLUX, years=YEARS)


def test_undeclared_fill_value(folder):
    with netCDF4.Dataset(folder / NAME, "a") as dataset:
        dataset[FLUX][0, 0, 0, 0] = -9999.0
    with pytest.raises(DataError, match="check the unit and fill value"):
        read_inversions(folder, ["CAMS"], variable=FLUX, years=YEARS)


def test_file_turned_north_to_south_and_0_to_360(folder, tmp_path):
    with netCDF4.Dataset(folder / NAME, "a") as dataset:
        dataset["latitude"][:] = dataset["latitude"][::-1]
        dataset["longitude"][:] = dataset["longitude"][:] % 360.0
    flux = read_inversions(folder, ["CAMS"], variable=FLUX, years=YEARS).flux
    np.testing.assert_array_equal(flux.lat, GRID.lat)
    np.testing.assert_array_equal(flux.lon, GRID.lon)
    np.testing.assert_allclose(flux[0, 0], numbered()[::-1], atol=1e-4)
