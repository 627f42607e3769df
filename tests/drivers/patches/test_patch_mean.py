import numpy as np
import pytest
import xarray as xr

from fluxprod.core.grid import Grid, cell_area
from fluxprod.drivers.patches.cover import Patches, patches_of
from fluxprod.drivers.patches.patch_mean import PatchMean


@pytest.fixture
def world():
    """Cells of 90 degrees, pixels of 45 degrees; cell 4, in the north-west, has types 1 1 / 2 0."""
    fine = Grid(45.0)
    igbp = np.zeros(fine.shape, np.uint8)
    igbp[3, 0:2] = 1
    igbp[2, 0] = 2
    land = xr.DataArray(igbp, dims=("lat", "lon"), coords={"lat": fine.lat, "lon": fine.lon})
    patches = patches_of(np.array([4]), np.array([1, 2, 5]), np.array([[0.75, 0.25, 0.0]]))
    return land, patches


def test_patch_means_by_hand(world):
    land, patches = world
    mean = PatchMean(patches, land, Grid(90.0))
    assert mean.pixel.tolist() == [16, 24, 25]
    assert mean.pixel.dtype == np.int32
    assert mean(np.array([7.0, 2.0, 4.0])).tolist() == [3.0, 7.0]
    got = mean(np.array([np.nan, np.nan, 4.0]))
    assert got[0] == 4.0
    assert np.isnan(got[1])


def test_a_pixel_weighs_by_its_area():
    fine = Grid(45.0)
    igbp = np.ones(fine.shape, np.uint8)
    land = xr.DataArray(igbp, dims=("lat", "lon"), coords={"lat": fine.lat, "lon": fine.lon})
    mean = PatchMean(Patches(np.array([0]), np.array([1]), np.ones(1)), land, Grid(90.0))
    # rows of 90-45 S and 45 S-0: areas in proportion of 1 - sin 45 = 0.292893 and sin 45 = 0.707107
    assert mean(np.array([1.0, 1.0, 2.0, 2.0]))[0] == pytest.approx(1.707107, abs=1e-6)


def test_missing_and_unknown_classes_belong_nowhere(world):
    land, patches = world
    land[3, 1], land[0, 0] = 255, 1  # 255 missing; a type outside the land cells
    assert PatchMean(patches, land, Grid(90.0)).pixel.tolist() == [16, 24]


def test_the_integral_is_conserved_and_order_of_bands_does_not_matter():
    fine, coarse, rng = Grid(0.9), Grid(4.5), np.random.default_rng(3)  # 200 rows: three bands
    igbp = rng.integers(0, 7, fine.shape).astype(np.uint8)
    land = xr.DataArray(igbp, dims=("lat", "lon"), coords={"lat": fine.lat, "lon": fine.lon})
    row, column = np.indices(fine.shape) // 5
    cell = row * coarse.shape[1] + column
    keys = np.unique((cell * 256 + igbp)[igbp > 0])
    patches = Patches(keys // 256, keys % 256, np.ones(len(keys)))
    field = rng.normal(size=fine.shape)
    field[rng.random(fine.shape) < 0.2] = np.nan
    mean = PatchMean(patches, land, coarse)
    got = mean(field.ravel()[mean.pixel])
    area = cell_area(fine.lat_edges, fine.lon_edges)
    covered = np.where(np.isfinite(field) & (igbp > 0), area, 0.0)
    position = np.searchsorted(keys, cell * 256 + igbp)[igbp > 0]
    by_patch = np.bincount(position, weights=covered[igbp > 0], minlength=len(keys))
    assert np.nansum(got * by_patch) == pytest.approx(np.nansum(field * covered), rel=1e-9)
    some = len(keys) // 2
    here = (cell == patches.cell[some]) & (igbp == patches.pft[some]) & np.isfinite(field)
    assert got[some] == pytest.approx(np.average(field[here], weights=area[here]))
