"""The inversions stage, from files to a file, on cells of 45 degrees."""

import netCDF4
import numpy as np
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.time_axis import monthly_axis
from fluxprod.core.world import World
from fluxprod.inversions.settings import InversionSettings
from fluxprod.stages import inversions
from fluxprod.synthetic.native.gfas import write_gfas_year
from fluxprod.synthetic.native.inversions import write_gcp2022, write_rivers
from tests.readers.files.native_grid import GRID

WORLD = World(resolution=45.0, first_year=2003, last_year=2003)
BRAZIL = (1, 2)
# R^2 (sin 0 - sin -45) pi/4 with R = 6,371,007.181 m, times 31 days, in Pg of g m-2 d-1
JANUARY = 6_371_007.181**2 * np.sqrt(0.5) * np.pi / 4 * 31 / 1e15


@pytest.fixture
def folder(tmp_path):
    """2 g m-2 d-1 everywhere, 1.7 if adjusted by the file, no fires, and rivers of Brazil alone.

    Its uptake of 0.1 g m-2 d-1 is 0.82 PgC yr-1.
    """
    for name in ("inversions", "gfas", "rivers"):
        (tmp_path / name).mkdir()
    one, time = np.ones((12, 4, 8)), monthly_axis(2003, 2003)
    path = tmp_path / "inversions" / "GCP2022_inversions_1x1_version1_1_20221122.nc"
    write_gcp2022(path, [365.25 * 2.0 * one], [365.25 * 1.7 * one], ["CAMS"], time)
    write_gfas_year(tmp_path / "gfas", 2003, np.zeros((365, 4, 8)))
    uptake = np.zeros((12, 4, 8))
    uptake[:, *BRAZIL] = -0.1
    write_rivers(tmp_path / "rivers" / "river_flux_a.nc", 365.25 * uptake, time)
    region = np.full((4, 8), -1, np.int8)
    region[BRAZIL] = ABBREVIATIONS.index("BRA")
    geography = xr.Dataset(
        {"region": (("lat", "lon"), region)},
        coords={"lat": GRID.lat, "lon": GRID.lon, "cell": np.arange(32)},
    )
    geography.to_netcdf(tmp_path / "geography.nc")
    return tmp_path


def run(folder, rivers: str) -> xr.Dataset:
    inversions.main(
        **{name: folder / name for name in ("inversions", "gfas", "rivers")},
        geography=folder / "geography.nc",
        regional=folder / "inversions.nc",
        world=WORLD,
        params=InversionSettings(members=["CAMS"], rivers=rivers),
    )
    with xr.open_dataset(folder / "inversions.nc") as dataset:
        return dataset.load()


def test_rivers_are_subtracted(folder):
    totals = run(folder, "separate")
    january = totals.NEE.sel(member="CAMS", region="BRA")[0]
    np.testing.assert_allclose(january, 2.1 * JANUARY, rtol=1e-3)
    np.testing.assert_allclose(totals.RIVER.sel(region="BRA")[0], -0.1 * JANUARY, rtol=1e-3)


def test_rivers_within_the_inversions(folder):
    """Uptake is positive in the layer of the inversions, and there is no other file."""
    next((folder / "rivers").iterdir()).unlink()
    with netCDF4.Dataset(next((folder / "inversions").iterdir()), "a") as dataset:
        dims = ("time", "latitude", "longitude")
        river = dataset.createVariable("river_adjustment_land", "f8", dims)
        river.units = "PgC m-2 yr-1"
        river[:] = 0.0
        river[:, *BRAZIL] = 365.25e-15 * 0.1
    totals = run(folder, "separate")
    january = totals.NEE.sel(member="CAMS", region="BRA")[0]
    np.testing.assert_allclose(january, 2.1 * JANUARY, rtol=1e-3)
    np.testing.assert_allclose(totals.RIVER.sel(region="BRA")[0], -0.1 * JANUARY, rtol=1e-3)


def test_file_adjusted_for_rivers_needs_no_other(folder):
    for path in (folder / "rivers").iterdir():
        path.unlink()
    (folder / "rivers").rmdir()
    totals = run(folder, "adjusted")
    january = totals.NEE.sel(member="CAMS", region="BRA")[0]
    np.testing.assert_allclose(january, 1.7 * JANUARY, rtol=1e-3)
    assert "RIVER" not in totals


def test_separate_rivers_without_a_file(folder):
    next((folder / "rivers").iterdir()).unlink()
    with pytest.raises(DataError, match="river fluxes: found no such file"):
        run(folder, "separate")
    assert not (folder / "inversions.nc").exists()
