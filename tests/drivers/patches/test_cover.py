import numpy as np
import pytest

from fluxprod.core.grid import Grid
from fluxprod.drivers.patches.cover import Patches, nearest_patches, patches_of, to_cells


def test_only_types_that_occur_make_a_patch():
    patches = patches_of(np.array([4]), np.array([1, 2, 5]), np.array([[0.75, 0.25, 0.0]]))
    assert patches.cell.tolist() == [4, 4]
    assert patches.pft.tolist() == [1, 2]


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
