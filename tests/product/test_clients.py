"""CDO, NCO and iris open every NetCDF file and reproduce the global totals of the tables."""

from collections.abc import Iterator
from pathlib import Path

import dask
import iris
import netCDF4
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from iris.cube import Cube

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.time_axis import month_days
from tests.fake_product import PARAMS
from tests.fake_run import MEMBERS, WORLD
from tests.product.programs import DEMAND, need, shell

PREFIX = f"nee_fluxprod-v{PARAMS.version}_6deg"
PERIOD = f"{WORLD.first_year}-{WORLD.last_year}"
DAILY = [f"daily_{year}" for year in WORLD.years]
GRIDDED = [*DAILY, f"monthly_{PERIOD}", f"monthly-members_{PERIOD}"]
REGIONAL = [f"regional-monthly_{PERIOD}", f"regional-annual_{PERIOD}"]
MODELS = {"nee": "EC-ATM", "nee_ec": "EC"}
NEAR = 1e-5  # PgC/month
GLOBE = len(ABBREVIATIONS) + 1  # row of the globe, after the unassigned land
NCO = ("ncks", "ncap2", "ncwa")

both_models = pytest.mark.parametrize("name", MODELS)
gridded_files = pytest.mark.parametrize("content", GRIDDED)
regional_files = pytest.mark.parametrize("content", REGIONAL)


def path_of(folder: Path, content: str) -> Path:
    return folder / f"{PREFIX}_{content}.nc"


def of_table(folder: Path, content: str, name: str) -> np.ndarray:
    """Global totals in the CSV table for the months or years of a file [PgC]."""
    annual = "annual" in content
    table = pd.read_csv(
        folder / f"{PREFIX}_regional-{'annual' if annual else 'monthly'}_{PERIOD}.csv"
    )
    rows = table[(table.region == "GLOBAL") & (table.model == MODELS[name])]
    column = rows[f"nee_PgC_per_{'year' if annual else 'month'}"].to_numpy()
    if content in DAILY:
        first = 12 * DAILY.index(content)
        return column[first : first + 12]
    return column


def agree(totals, folder: Path, content: str, name: str) -> None:
    expected = of_table(folder, content, name)
    assert len(expected) == {**dict.fromkeys(DAILY, 12), REGIONAL[1]: 3}.get(content, 36)
    np.testing.assert_allclose(totals, expected, rtol=0, atol=NEAR)


def printed(text: str) -> np.ndarray:
    return np.array(text.split(), float)


# CDO


def cdo_totals(content: str, name: str) -> str:
    """Chain of CDO operators from a file to monthly totals [PgC]."""
    of_cells = f"-expr,'{name}={name}*gridarea({name})*land_fraction'"
    months = "-monsum" if content in DAILY else "-muldpm"
    members = "-vertmean,weights=FALSE" if "members" in content else ""
    return f"-mulc,1e-15 {months} {members} -fldsum {of_cells}"


@pytest.mark.parametrize("precision", ["-b F64", ""])
@both_models
@gridded_files
def test_cdo_global_totals(folder, content, name, precision):
    need("cdo")
    chain = f"cdo -s {precision} outputf,%.9f {cdo_totals(content, name)}"
    totals = printed(shell(f"{chain} {path_of(folder, content)}", folder))
    agree(totals, folder, content, name)


@both_models
@regional_files
def test_cdo_reads_the_globe_of_regional_files(folder, content, name):
    need("cdo")
    command = f"cdo -s outputf,'%.9f ',{GLOBE + 1} -selname,{name} {path_of(folder, content)}"
    rows = printed(shell(command, folder)).reshape(-1, GLOBE + 1)
    agree(rows[:, GLOBE], folder, content, name)


@gridded_files
def test_cdo_recognises_the_grid_and_the_years(folder, content):
    need("cdo")
    path = path_of(folder, content)
    grid = shell(f"cdo -s griddes -selname,nee {path}", folder)
    for line in ("gridtype  = lonlat", "xsize     = 60", "ysize     = 30", "xfirst    = -177"):
        assert line in grid
    years = [float(content[-4:])] if content in DAILY else list(WORLD.years)
    assert printed(shell(f"cdo -s showyear {path}", folder)).tolist() == years
    area = printed(shell(f"cdo -s outputf,%.1f -gridarea -selname,nee {path}", folder))
    with xr.open_dataset(path) as file:
        np.testing.assert_array_equal(area, file.cell_area.values.ravel())


@pytest.mark.parametrize("content", [*GRIDDED, *REGIONAL])
def test_cdo_recognises_time_steps_and_their_bounds(folder, content):
    need("cdo")
    text = shell(f"cdo sinfon {path_of(folder, content)}", folder)
    with netCDF4.Dataset(path_of(folder, content)) as file:
        assert f"{len(file.dimensions['time'])} steps" in text
    assert "Bounds = true" in text
    assert "Calendar = proleptic_gregorian" in text


@gridded_files
def test_cdo_copies_values_and_missing_values(folder, tmp_path, content):
    need("cdo")
    shell(f"cdo -s copy {path_of(folder, content)} {tmp_path / 'copy.nc'}", folder)
    with (
        xr.open_dataset(path_of(folder, content)) as before,
        xr.open_dataset(tmp_path / "copy.nc") as after,
    ):
        assert int(before.nee.isnull().sum()) > 0
        for name in MODELS:
            np.testing.assert_array_equal(after[name].values, before[name].values)
            assert after[name].encoding["_FillValue"] == before[name].encoding["_FillValue"]


# NCO


@both_models
@gridded_files
def test_nco_global_totals(folder, tmp_path, content, name):
    need(*NCO)
    shell(
        f"ncap2 -O -v -s 'total=double({name})*cell_area*land_fraction*1e-15' "
        f"{path_of(folder, content)} {tmp_path / 'cells.nc'}\n"
        f"ncwa -O -y ttl -a lat,lon -v total {tmp_path / 'cells.nc'} {tmp_path / 'total.nc'}",
        folder,
    )
    text = shell(f"ncks -H -C -s '%.12f\n' -v total {tmp_path / 'total.nc'}", folder)
    rates = printed(text)  # PgC d-1
    if "members" in content:
        rates = rates.reshape(-1, MEMBERS).mean(axis=1)
    agree(month_sums(rates, content), folder, content, name)


def month_sums(rates: np.ndarray, content: str) -> np.ndarray:
    """Monthly sums of daily or monthly mean rates."""
    if content in DAILY:
        days = pd.date_range(f"{content[-4:]}-01-01", periods=len(rates))
        return pd.Series(rates, days).resample("MS").sum().to_numpy()
    return rates * month_days(pd.date_range(f"{WORLD.first_year}-01", periods=36, freq="MS"))


@both_models
@regional_files
def test_nco_reads_the_globe_of_regional_files(folder, content, name):
    need(*NCO)
    command = f"ncks -H -C -s '%.9f\n' -v {name} -d region,{GLOBE} {path_of(folder, content)}"
    agree(printed(shell(command, folder)), folder, content, name)


@pytest.mark.parametrize("content", [*GRIDDED, *REGIONAL])
def test_nco_lists_the_header(folder, content):
    need(*NCO)
    text = shell(f"ncks -m {path_of(folder, content)}", folder)
    for name in MODELS:
        assert f"{name}:units = " in text


# iris


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Use one thread: the NetCDF library is not thread-safe, and iris and xarray share no lock."""
    with dask.config.set(scheduler="synchronous"):
        yield


def cube_of(folder: Path, content: str, name: str) -> Cube:
    cubes = iris.load(path_of(folder, content))
    return next(cube for cube in cubes if cube.var_name == name)


@both_models
@gridded_files
def test_iris_global_totals(folder, content, name):
    cube = cube_of(folder, content, name)
    cube.data = cube.data * cube_of(folder, content, "land_fraction").data
    globe = cube.collapsed(["latitude", "longitude"], iris.analysis.SUM, weights="cell_area")
    assert globe.units == "g d-1"
    rates = globe.data.mean(axis=1) if "members" in content else globe.data
    agree(1e-15 * month_sums(rates, content), folder, content, name)


@both_models
@regional_files
def test_iris_reads_the_globe_of_regional_files(folder, content, name):
    cube = cube_of(folder, content, name)
    assert cube.units == "Pg"
    globe = cube.extract(iris.Constraint(**{"name of the region": "GLOBAL"}))
    agree(globe.data, folder, content, name)


@both_models
@gridded_files
def test_iris_recognises_units_bounds_and_areas(folder, content, name):
    cube = cube_of(folder, content, name)
    assert cube.units == "g m-2 d-1"
    assert all(cube.coord(axis).has_bounds() for axis in ("time", "latitude", "longitude"))
    assert cube.cell_measure("cell_area").units == "m2"
    assert cube.coord("time").units.calendar == "proleptic_gregorian"
    assert cube.coord_system("GeogCS").semi_major_axis == pytest.approx(6371007.181)
    if "members" not in content:
        spread = f"standard deviation over the ensemble of {name}"
        assert cube.ancillary_variable(spread).units == "g m-2 d-1"


# where the programs are absent


def test_absent_programs_skip_the_test_unless_they_are_required(monkeypatch):
    monkeypatch.delenv(DEMAND, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program not installed"):
        need("no-such-program")
    monkeypatch.setenv(DEMAND, "required")
    with pytest.raises(pytest.fail.Exception, match="FLUXPROD_CLIENTS=required"):
        need("no-such-program")
