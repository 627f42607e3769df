"""Counts of repeated draws, and compositions by hand."""

from functools import partial

import numpy as np
import pytest

from fluxprod.bridge.fit import Fit
from fluxprod.bridge.robustness.heat_map import heat_map_dataset
from fluxprod.bridge.robustness.selection import composition, mean_overlap, repeat_draws
from fluxprod.bridge.sparse_regression import lasso_to_r2

LASSO = partial(lasso_to_r2, r2_threshold=0.95, n_alphas=40)


def draw(nee, cluster, n_draws=20, regression=LASSO):
    return repeat_draws(
        nee,
        np.ones(len(nee)),
        cluster,
        regression,
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


def test_overlap_by_hand():
    # {0, 1}, {1, 2}, {0, 1}, {}: 1/3, 1, 0, 1/3, 0, 0 over six pairs
    member = np.array([[1, 1, 0], [0, 1, 1], [1, 1, 0], [0, 0, 0]], dtype=bool)
    assert mean_overlap(member) == pytest.approx((1 / 3 + 1 + 1 / 3) / 6)


def test_overlap_of_nothing_is_unknown():
    assert np.isnan(mean_overlap(np.zeros((3, 4), dtype=bool)))
    assert np.isnan(mean_overlap(np.ones((1, 4), dtype=bool)))


def test_overlap_of_random_candidates_is_that_of_chance():
    # two draws of 2 of 4 cells share 0, 1 or 2 with chances 1/6, 4/6, 1/6: 0, 1/3 or 1
    # the index has a standard deviation of 0.3 a pair, and 200 draws are as good as 200 pairs
    draws = draw(np.ones((4, 12)), np.zeros(4, int), n_draws=200)
    assert draws.overlap_drawn == pytest.approx(4 / 6 / 3 + 1 / 6, abs=0.05)


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


def first_of_two(x, y):
    """Half of the first candidate, whatever the data."""
    return Fit(np.array([0.5] + [0.0] * (x.shape[1] - 1)), 0.0, 0.0, float(x[0, 0]))


@pytest.fixture
def dataset(dominated, land):
    nothing = draw(np.empty((0, 48)), np.array([], int))
    parts = [(np.array([], int), nothing)] * 18
    parts[6] = np.arange(9), draw(*dominated)
    # three cells of region 10 in one cluster: draws are {16, 17}, {16, 18} or {17, 18}
    parts[10] = (
        np.array([16, 17, 18]),
        draw(np.array([[1.0] * 48, [2.0] * 48, [3.0] * 48]), np.zeros(3, int), 20, first_of_two),
    )
    return heat_map_dataset(parts, land)


def test_dataset_holds_every_region(dataset, dominated):
    draws = draw(*dominated)
    assert dataset.n_chosen.sel(cell=39) == 20
    assert dataset.n_chosen.sum() == draws.chosen.sum() + 20
    assert dataset.r2.dims == ("region", "draw")
    np.testing.assert_allclose(dataset.pft_share_all_global.sum(), 1.0, atol=1e-5)


def test_stability_by_hand(dataset, land):
    rus = dataset.sel(region="RUS")
    by_hand = land.land_area.values
    share = 0.5 * by_hand[16:19].sum() / by_hand[land.cell_region.values == 10].sum()
    assert (rus.n_contributions_mean, rus.n_contributions_std) == (1.0, 0.0)
    np.testing.assert_allclose(rus["shift"], share, atol=1e-6)
    assert float(rus.shift_mean) == pytest.approx(share, abs=1e-6)
    assert float(rus.shift_std) == 0.0
    # the first candidate is cell 16 (R2 of 1) in n draws, cell 17 (R2 of 2) in the others
    n = int(dataset.n_chosen.sel(cell=52))
    assert 0 < n < 20
    assert float(rus.r2_mean) == pytest.approx((n + 2 * (20 - n)) / 20, abs=1e-6)
    assert float(rus.r2_std) == pytest.approx(np.sqrt(n * (20 - n)) / 20, abs=1e-6)
    same = (n * (n - 1) + (20 - n) * (19 - n)) / (20 * 19)
    assert float(rus.overlap_chosen) == pytest.approx(same, abs=1e-6)


def test_a_region_without_draws_has_no_stability(dataset):
    bra = dataset.sel(region="BRA")
    assert np.isnan([bra.r2_mean, bra.shift_mean, bra.overlap_chosen, bra.overlap_drawn]).all()
    assert bra.n_contributions_mean == 0.0
