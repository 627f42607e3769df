import numpy as np
import pytest

from fluxprod.core.grid import Grid, great_circle
from fluxprod.drivers.patches.cover import Patches
from fluxprod.drivers.patches.nearest_donors import nearest_donors, too_sparse


def test_sparse_series():
    missing = np.array([[False, False, True], [True, False, True]])  # two composites, three patches
    assert too_sparse(missing, 0.4).tolist() == [True, False, True]
    assert too_sparse(missing, 0.5).tolist() == [False, False, True]
    assert too_sparse(missing, 1.0).tolist() == [False, False, True]


def test_an_empty_patch_takes_the_nearest_of_its_type():
    grid = Grid(2.0)
    # at 1, 3, 5 and 21 degrees east on the equator; the nearest has another type
    cell = grid.cell_of(np.ones(4), np.array([1.0, 3.0, 5.0, 21.0]))
    patches = Patches(cell, np.array([1, 2, 1, 1]), np.ones(4))
    empty = np.array([True, False, False, False])
    assert nearest_donors(empty, patches, grid).tolist() == [2, 1, 2, 3]


def test_the_first_of_equally_near_ones_and_none_of_another_type():
    grid = Grid(2.0)
    cell = grid.cell_of(np.ones(3), np.array([1.0, 3.0, 5.0]))
    empty = np.array([False, True, False])
    assert nearest_donors(empty, Patches(cell, np.ones(3, int), np.ones(3)), grid)[1] == 0
    alone = Patches(cell, np.array([1, 2, 1]), np.ones(3))
    assert nearest_donors(empty, alone, grid).tolist() == [0, 1, 2]


@pytest.mark.parametrize("seed", range(5))
def test_against_every_distance(seed):
    rng, grid = np.random.default_rng(seed), Grid(5.0)
    cell = np.sort(rng.choice(np.prod(grid.shape), 400, replace=False))
    patches = Patches(cell, rng.integers(1, 4, 400), np.ones(400))
    empty = rng.random(400) < 0.4
    got = nearest_donors(empty, patches, grid)
    lat, lon = grid.lat_lon_of(cell)
    for patch in range(400):
        if not empty[patch]:
            assert got[patch] == patch
            continue
        donors = np.flatnonzero(~empty & (patches.pft == patches.pft[patch]))
        away = great_circle(lat[patch], lon[patch], lat[donors], lon[donors])
        assert got[patch] == donors[away <= away.min() + 1e-4].min()
