"""Counts of repeated draws, and compositions by hand."""

from functools import partial

import numpy as np
import pytest

from fluxprod.bridge.heat_map import as_dataset
from fluxprod.bridge.selection import composition, repeat_draws
from fluxprod.bridge.sparse_regression import lasso_to_r2

LASSO = partial(lasso_to_r2, r2_threshold=0.95, n_alphas=40)


def draw(nee, cluster, n_draws=20):
    return repeat_draws(
        nee,
        np.ones(len(nee)),
        cluster,
        LASSO,
        members=2,
        n_draws=n_draws,
        generator=np.random.default_rng(1),
    )


@pytest.fixture
def dominated():
    """Cell 3, alone in its cluster, makes nearly all of the region's variance."""
    nee = 0.05 * np.random.default_rng(0).normal(size=(9, 48))
    nee[3] += np.cos(2 * np.pi * np.arange(48) / 12)
    return nee, np.array([0, 0, 0, 1, 0, 2, 2, 2, 2])


def test_the_cell_that_matters_is_always_chosen(dominated):
    draws = draw(*dominated)
    assert draws.drawn[3] == draws.chosen[3] == 20
    assert (draws.r2 >= 0.95).all()


def test_counts_add_up(dominated):
    draws = draw(*dominated)
    assert draws.drawn.sum() == 20 * (2 + 1 + 2)
    assert draws.chosen.sum() == draws.n_chosen.sum()
    assert (draws.chosen <= draws.drawn).all()


def test_a_region_without_cells_has_no_draws():
    draws = draw(np.empty((0, 48)), np.array([], int))
    assert np.isnan(draws.r2).all()


def test_composition_by_hand():
    # region 0: type 4 chosen 3 of 4 times; region 1: nothing chosen; cell 4 is of no region
    share = composition(
        weight=np.array([3, 1, 0, 0, 9]),
        pft=np.array([4, 10, 4, 1, 1]),
        region=np.array([0, 0, 1, 1, -1]),
        types=np.array([1, 4, 10]),
        n_regions=2,
    )
    assert share[0].tolist() == [0.0, 0.75, 0.25]
    assert np.isnan(share[1]).all()
    assert share[2].tolist() == [0.0, 0.75, 0.25]


def test_dataset_holds_every_region(dominated, land):
    draws = draw(*dominated)
    nothing = draw(np.empty((0, 48)), np.array([], int))
    parts = [(np.arange(9), draws)] + [(np.array([], int), nothing)] * 17
    dataset = as_dataset(parts, land)
    assert dataset.n_chosen.sel(cell=39) == 20
    assert dataset.n_chosen.sum() == draws.chosen.sum()
    assert dataset.r2.dims == ("region", "draw")
    np.testing.assert_allclose(dataset.pft_share_all_global.sum(), 1.0, atol=1e-5)
