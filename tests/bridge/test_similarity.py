"""Distances against the definition written out; affinity by hand."""

import numpy as np
import pytest

from fluxprod.bridge.similarity import affinity, dtw_distances, isolated


def plain_dtw(a: np.ndarray, b: np.ndarray) -> float:
    """Recurrence of Tormene et al.: each step matches, or one of the series waits."""
    cost = np.full((len(a) + 1, len(b) + 1), np.inf)
    cost[0, 0] = 0.0
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            cheapest = min(cost[i, j], cost[i, j + 1], cost[i + 1, j])
            cost[i + 1, j + 1] = (left - right) ** 2 + cheapest
    return float(np.sqrt(cost[-1, -1]))


@pytest.mark.parametrize("threads", [1, 2])
def test_distances_follow_the_definition(threads):
    series = np.random.default_rng(1).normal(size=(7, 12))
    expected = [[plain_dtw(a, b) for b in series] for a in series]
    np.testing.assert_allclose(dtw_distances(series, threads=threads), expected, rtol=1e-6)


def test_a_shifted_season_is_near_and_a_flat_one_far():
    step = np.arange(46)
    peak = -np.exp(-(((step - 20) / 4.0) ** 2))
    later = np.roll(peak, 5)
    distance = dtw_distances(np.array([peak, later, np.zeros(46)]))
    assert distance[0, 1] < 0.05 * distance[0, 2]


def test_one_cell_has_no_pair():
    assert dtw_distances(np.zeros((1, 46))).tolist() == [[0.0]]


def test_affinity_by_hand():
    # distances 1, 2, 4: median 2; exp(-1/8), exp(-1/2), exp(-2)
    distance = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 4.0], [2.0, 4.0, 0.0]])
    expected = [[1.0, 0.882497, 0.606531], [0.882497, 1.0, 0.135335], [0.606531, 0.135335, 1.0]]
    np.testing.assert_allclose(affinity(distance), expected, atol=1e-6)


def test_affinity_of_many_cells_has_the_median_of_the_pairs():
    distance = dtw_distances(np.random.default_rng(4).normal(size=(300, 5)))
    pairs = distance[np.triu_indices(300, 1)].astype(float)
    expected = np.exp(-0.5 * (distance.astype(float) / np.median(pairs)) ** 2)
    likeness = affinity(distance)
    assert likeness is distance
    np.testing.assert_allclose(likeness, expected, rtol=1e-6)


def test_the_least_alike_stay_in_the_graph():
    # distances 1, 1, 1e3: median 1, exp(-5e5) is zero even in 64 bits
    distance = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1e3], [1.0, 1e3, 0.0]], np.float32)
    assert affinity(distance)[1, 2] == np.float32(1e-5)


def test_cell_without_likeness_is_isolated_and_a_pair_is_not():
    likeness = np.full((300, 300), 1e-5, np.float32)
    likeness[:297, :297] = 0.5
    likeness[297, 298] = likeness[298, 297] = 0.1
    # the last cell has 299 affinities of 1e-5 and itself
    np.fill_diagonal(likeness, 1.0)
    assert np.flatnonzero(isolated(likeness)).tolist() == [299]


def test_affinity_of_equal_cells_is_one():
    assert (affinity(np.zeros((3, 3))) == 1.0).all()


def test_one_cell_apart_from_many_alike_is_seen():
    distance = np.zeros((5, 5), np.float32)
    distance[4, :4] = distance[:4, 4] = 2.0
    # the median of ten pairs is zero, their mean 0.8
    likeness = affinity(distance)
    assert likeness[0, 1] == 1.0
    assert likeness[0, 4] == pytest.approx(np.exp(-0.5 * (2.0 / 0.8) ** 2))
