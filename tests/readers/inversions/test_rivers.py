from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import monthly_axis
from fluxprod.readers.inversions.rivers import global_total, read_rivers
from fluxprod.synthetic.native.inversions import write_rivers
from tests.readers.files.native_grid import GRID, numbered, write_cube

CASE = Path(__file__).parents[2] / "cases" / "rivers_wrong_sign"
NAME = "river_flux_lauerwald_1x1.nc"
GLOBE = 4 * np.pi * 6_371_007.181**2  # m2
# g m-2 d-1 in every cell, which make 0.65 PgC yr-1
MEAN = 0.65e15 / 365.25 / GLOBE


def month_numbers() -> np.ndarray:
    """Uptake of 1 to 12 times 5e-4 g m-2 d-1; together 0.606 PgC yr-1."""
    return -5e-4 * np.arange(1.0, 13.0)[:, None, None] * np.ones((12, 4, 8))


def test_climatology_is_repeated(tmp_path):
    # 365.25 g m-2 yr-1 is 1 g m-2 d-1, so that month m has m times 5e-4 g m-2 d-1.
    write_rivers(tmp_path / NAME, 365.25 * month_numbers(), monthly_axis(1999, 1999))
    flux = read_rivers(tmp_path, range(2001, 2003))
    assert flux.dims == ("time", "lat", "lon")
    np.testing.assert_allclose(flux[:, 0, 0], [-5e-4 * m for m in range(1, 13)] * 2, atol=1e-4)
    assert str(flux.time.values[-1])[:10] == "2002-12-01"


def test_months_are_taken_by_date(tmp_path):
    field = np.concatenate([month_numbers(), 2.0 * month_numbers()])
    write_rivers(tmp_path / NAME, 365.25 * field, monthly_axis(2001, 2002))
    flux = read_rivers(tmp_path, range(2002, 2003))
    np.testing.assert_allclose(flux[:, 0, 0], -1e-3 * np.arange(1, 13), atol=1e-4)


def test_years_outside_a_monthly_file(tmp_path):
    write_rivers(tmp_path / NAME, np.ones((24, 4, 8)), monthly_axis(2001, 2002))
    with pytest.raises(DataError, match="24 months from 2001-01 to 2002-12"):
        read_rivers(tmp_path, range(2002, 2004))


def layer(path, name, values, *, units="PgC m-2 yr-1", dims=("time", "latitude", "longitude")):
    """A layer in g m-2 d-1, written in PgC m-2 yr-1, on 24 months and the grid of the tests."""
    coords = {"time": monthly_axis(2001, 2002), "latitude": GRID.lat, "longitude": GRID.lon}
    coords["ensemble_member"] = [0]
    shape = [len(coords[dim]) for dim in dims]
    data = np.broadcast_to(365.25e-15 * values, shape)
    dataset = xr.Dataset({name: (dims, data, {"units": units})}, coords=coords)
    dataset.to_netcdf(path)


def test_uptake_as_positive_flux_to_the_atmosphere_is_refused():
    """+0.65 PgC yr-1 in a file whose name says nothing of uptake."""
    with pytest.raises(DataError) as caught:
        read_rivers(CASE, range(2001, 2003))
    assert "river_flux.nc: river_flux: found a global total of +0.65 PgC yr-1" in str(caught.value)
    assert "expected -1.5 to -0.3 PgC yr-1" in str(caught.value)
    assert "change its sign" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_global_total_of_a_uniform_uptake(tmp_path):
    layer(tmp_path / NAME, "river_flux", -MEAN)
    assert global_total(read_rivers(tmp_path, range(2001, 2002))) == pytest.approx(
        -0.65 * 365 / 365.25
    )


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (44 / 12, r"total of -2.38 PgC yr-1, .*; check the unit"),  # in CO2
        (1 / 12, r"total of -0.0541 PgC yr-1"),  # per month
        (0.0, r"total of \+0 PgC yr-1"),
        (-1.0, r"total of \+0.65 PgC yr-1, .*; change its sign"),
    ],
)
def test_absurd_totals(tmp_path, factor, says):
    layer(tmp_path / NAME, "river_flux", -MEAN * factor)
    with pytest.raises(DataError, match=says):
        read_rivers(tmp_path, range(2001, 2003))


def test_layer_named_adjustment_is_uptake_and_turned(tmp_path):
    layer(tmp_path / "GCP2023_river_layers.nc", "river_adjustment_land", MEAN)
    flux = read_rivers(tmp_path, range(2001, 2003))
    np.testing.assert_allclose(flux, -MEAN, rtol=1e-6)
    assert flux.name == "river_flux"


def test_layer_named_adjustment_of_the_wrong_sign(tmp_path):
    layer(tmp_path / NAME, "river_adjustment_land", -MEAN)
    with pytest.raises(DataError, match=r"-0.65 PgC yr-1, expected \+0.3 to \+1.5 PgC yr-1, as it"):
        read_rivers(tmp_path, range(2001, 2003))


def test_map_without_months_is_constant(tmp_path):
    layer(tmp_path / NAME, "river_adjustment_land", MEAN, dims=("latitude", "longitude"))
    flux = read_rivers(tmp_path, range(2003, 2004))
    assert flux.sizes == {"time": 12, "lat": 4, "lon": 8}
    np.testing.assert_allclose(flux, -MEAN, rtol=1e-6)


@pytest.fixture
def folders(tmp_path):
    """Rivers without a file, and inversions of 2024 with a layer of rivers."""
    for name in ("rivers", "inversions"):
        (tmp_path / name).mkdir()
    name = "GCP2024_inversions_1x1_version1_1_20240912.nc"
    layer(tmp_path / "inversions" / name, "river_adjustment_land", MEAN)
    return tmp_path / "rivers", tmp_path / "inversions"


def test_layer_within_the_inversions_is_read_without_a_file(folders):
    rivers, inversions = folders
    flux = read_rivers(rivers, range(2001, 2003), inversions=inversions)
    np.testing.assert_allclose(flux, -MEAN, rtol=1e-6)


def test_file_of_rivers_comes_before_the_layer(folders):
    rivers, inversions = folders
    layer(rivers / NAME, "river_flux", -2.0 * MEAN)
    flux = read_rivers(rivers, range(2001, 2003), inversions=inversions)
    np.testing.assert_allclose(flux, -2.0 * MEAN, rtol=1e-6)


def test_neither_file_nor_layer(folders):
    rivers, inversions = folders
    with netCDF4.Dataset(next(inversions.iterdir()), "a") as dataset:
        dataset.renameVariable("river_adjustment_land", "river_mask")
    with pytest.raises(
        DataError, match="rivers: river fluxes: found no such file, .*, or river_adj"
    ):
        read_rivers(rivers, range(2001, 2003), inversions=inversions)


def test_layer_of_single_members(tmp_path):
    dims = ("ensemble_member", "time", "latitude", "longitude")
    layer(tmp_path / NAME, "river_adjustment_land", MEAN, dims=dims)
    with pytest.raises(DataError, match=r"found dimensions .*ensemble_member.*, expected \('time'"):
        read_rivers(tmp_path, range(2001, 2003))


def test_file_of_something_else(tmp_path):
    layer(tmp_path / NAME, "discharge", MEAN)
    with pytest.raises(
        DataError, match=r"found only \['discharge'\], expected either river_flux or"
    ):
        read_rivers(tmp_path, range(2001, 2003))


def test_wrong_unit(tmp_path):
    days = {"time": np.arange(12.0) * 30.5, "time_units": "days since 2001-01-01"}
    write_cube(tmp_path / NAME, "river_flux", numbered(12), units="mol m-2 s-1", **days)
    with pytest.raises(DataError, match="units of river_flux: found 'mol m-2 s-1'"):
        read_rivers(tmp_path, range(2001, 2002))


def test_no_file(tmp_path):
    with pytest.raises(DataError, match="river fluxes: found no such file"):
        read_rivers(tmp_path, range(2001, 2002))


@pytest.mark.parametrize("content", [b"<html>log in</html>", b"", b"\x89HDF\r\n\x1a\n cut"])
def test_broken_file(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(DataError, match=f"{NAME}: file: found"):
        read_rivers(tmp_path, range(2001, 2002))


def test_undeclared_fill_value(tmp_path):
    days = {"time": 15.0 + np.arange(12.0) * 30.4, "time_units": "days since 2001-01-01"}
    write_cube(tmp_path / NAME, "river_flux", numbered(12) - 9999.0, units="gC m-2 d-1", **days)
    with pytest.raises(DataError, match="magnitude of 9999 g m-2 d-1, .* fill value"):
        read_rivers(tmp_path, range(2001, 2002))


def test_repeated_month(tmp_path):
    days = 15.0 + np.arange(24.0) * 30.4
    days[5] = days[4] + 1.0
    clock = {"time": days, "time_units": "days since 2001-01-01"}
    write_cube(tmp_path / NAME, "river_flux", numbered(24), units="gC m-2 d-1", **clock)
    with pytest.raises(DataError, match="river_flux_lauerwald_1x1.nc: time: found 24 months"):
        read_rivers(tmp_path, range(2001, 2003))


def test_no_months(tmp_path):
    clock = {"time": np.zeros(0), "time_units": "days since 2001-01-01"}
    write_cube(tmp_path / NAME, "river_flux", numbered(0), units="gC m-2 d-1", **clock)
    with pytest.raises(DataError, match="time: found no steps, expected dates"):
        read_rivers(tmp_path, range(2001, 2003))
