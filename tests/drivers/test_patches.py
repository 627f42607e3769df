import numpy as np
import pytest
import xarray as xr

from fluxprod.drivers.patches import (
    Patches,
    PatchMean,
    filled_from_nearest,
    nearest_patches,
    patches_of,
    to_cells,
    too_sparse,
)
from fluxprod.grid import Grid


@pytest.fixture
def world():
    """90-degree cells of 45-degree pixels. Cell 4 (north, west) holds types 1 1 / 2 0."""
    fine = Grid(45.0)
    igbp = np.zeros(fine.shape, np.uint8)
    igbp[3, 0:2] = 1
    igbp[2, 0] = 2
    land = xr.DataArray(igbp, dims=("lat", "lon"), coords={"lat": fine.lat, "lon": fine.lon})
    patches = patches_of(np.array([4]), np.array([1, 2, 5]), np.array([[0.75, 0.25, 0.0]]))
    return land, patches


def test_only_types_that_occur_make_a_patch(world):
    patches = world[1]
    assert patches.cell.tolist() == [4, 4]
    assert patches.pft.tolist() == [1, 2]


def test_patch_means_by_hand(world):
    land, patches = world
    field = np.full((4, 8), 99.0)
    field[3, 0], field[3, 1], field[2, 0] = 2.0, 4.0, 7.0
    mean = PatchMean(patches, land, Grid(90.0))
    assert mean(field).tolist() == [3.0, 7.0]
    field[3, 0], field[2, 0] = np.nan, np.nan
    assert mean(field)[0] == 4.0
    assert np.isnan(mean(field)[1])


def test_cells_average_the_patches_that_have_a_value():
    patches = Patches(np.array([4, 4, 7]), np.array([1, 2, 1]), np.array([0.75, 0.25, 1.0]))
    got = to_cells(np.array([2.0, 6.0, np.nan]), patches, np.array([4, 7]))
    assert got[0] == pytest.approx(3.0)
    assert np.isnan(got[1])
    gap = to_cells(np.array([[2.0, 2.0], [6.0, np.nan], [1.0, 1.0]]), patches, np.array([4, 7]))
    assert gap.tolist() == [[2.0, 2.0], [1.0, 1.0]]


def test_towers_take_their_type_in_their_cell_then_nearby_then_the_cell():
    grid = Grid(2.0)
    here, beside = grid.cell_of(np.array([1.0, 1.0]), np.array([1.0, 3.0]))
    patches = Patches(
        np.array([here, here, beside]), np.array([1, 2, 3]), np.array([0.5, 0.5, 1.0])
    )
    spot = np.ones(3)
    found = nearest_patches(patches, grid, spot, spot, np.array([2, 3, 9]), 1)
    assert [rows.tolist() for rows in found] == [[1], [2], [0, 1]]


def test_sparse_series():
    assert too_sparse(np.array([[1.0, np.nan], [1.0, 1.0]]), 0.4).tolist() == [True, False]


def test_an_empty_patch_takes_the_nearest_of_its_type():
    grid = Grid(2.0)
    # at 1, 3, 5 and 21 degrees east on the equator; the nearest of all is of another type
    cell = grid.cell_of(np.ones(4), np.array([1.0, 3.0, 5.0, 21.0]))
    patches = Patches(cell, np.array([1, 2, 1, 1]), np.ones(4))
    series = np.array([[np.nan, np.nan], [5.0, 5.0], [7.0, np.nan], [9.0, 9.0]])
    got = filled_from_nearest(series, patches, grid)
    np.testing.assert_array_equal(got, [[7.0, np.nan], [5.0, 5.0], [7.0, np.nan], [9.0, 9.0]])
