"""Planted seasonal shapes come back as clusters, always with the same numbers."""

import numpy as np
import pytest
from dtaidistance import dtw
from scipy.linalg import eigh
from sklearn.cluster import KMeans, SpectralClustering

from fluxprod.bridge.clusters import number_of_clusters, relabelled, spectral_clusters
from fluxprod.bridge.similarity import affinity, dtw_distances

STEP = np.arange(46)
SHAPES = (
    -3.0 * np.exp(-(((STEP - 24) / 6.0) ** 2)),  # one deep summer
    1.5 * np.sin(2 * np.pi * STEP / 23.0),  # two rainy seasons
    np.full(46, 0.2),  # none
)


@pytest.fixture
def planted():
    generator = np.random.default_rng(3)
    shape = generator.permutation(np.repeat([0, 1, 2], 12))
    cycle = np.array(SHAPES)[shape] + 0.05 * generator.normal(size=(36, 46))
    return cycle, shape


def test_planted_shapes_come_back(planted):
    cycle, shape = planted
    label = spectral_clusters(cycle, 3, seed=1)
    assert len({*zip(label.tolist(), shape.tolist(), strict=True)}) == 3


@pytest.mark.parametrize("n_clusters", [3, 6])
def test_labels_are_those_of_scikit_learn(planted, n_clusters):
    cycle, _ = planted
    likeness = affinity(np.asarray(dtw.distance_matrix_fast(cycle, parallel=False)))
    model = SpectralClustering(n_clusters, affinity="precomputed", random_state=1)
    expected = relabelled(model.fit_predict(likeness))
    np.testing.assert_array_equal(spectral_clusters(cycle, n_clusters, seed=1), expected)


def test_labels_follow_first_occurrence_and_repeat(planted):
    cycle, _ = planted
    label = spectral_clusters(cycle, 3, seed=1)
    first = [int(np.flatnonzero(label == number)[0]) for number in range(3)]
    assert first == sorted(first)
    np.testing.assert_array_equal(label, spectral_clusters(cycle, 3, seed=1, threads=2))


@pytest.fixture
def unfriendly():
    """600 cells of three shapes, two like no other but each other, and one like no other at all."""
    generator = np.random.default_rng(3)
    shape = generator.permutation(np.repeat([0, 1, 2, 3, 4], [200, 200, 200, 2, 1]))
    cycle = np.array([*SHAPES, 40.0 + 0 * STEP, -60.0 + 0 * STEP])[shape]
    return cycle + 0.05 * generator.normal(size=cycle.shape), shape


def test_isolated_cell_and_isolated_pair_are_told_from_the_rest(unfriendly):
    cycle, shape = unfriendly
    np.testing.assert_array_equal(spectral_clusters(cycle, 4, seed=1), relabelled(shape))


def test_labels_beside_isolated_cells_are_those_of_a_dense_solver(unfriendly):
    cycle, shape = unfriendly
    weight = affinity(dtw_distances(cycle)).astype(float) * (1 - np.eye(603))
    _, vector = eigh(weight, np.diag(weight.sum(axis=0)), subset_by_index=(603 - 6, 602))
    random = np.random.RandomState(1)
    random.uniform(size=603)  # the start vector
    expected = KMeans(6, n_init=10, random_state=random).fit_predict(vector[:, ::-1])
    expected[shape == 4] = 6  # nothing but the least affinity
    np.testing.assert_array_equal(spectral_clusters(cycle, 6, seed=1), relabelled(expected))


def test_identical_cells_are_one_cluster():
    assert not spectral_clusters(np.full((300, 46), 0.7), 12, seed=0).any()


def test_fewer_different_cycles_than_clusters_are_one_cluster_each():
    kind = np.random.default_rng(1).integers(0, 5, 300)
    label = spectral_clusters(kind[:, None] * np.ones(46), 12, seed=0)
    np.testing.assert_array_equal(label, relabelled(kind))


def test_more_different_cycles_than_clusters_with_copies_of_each():
    kind = np.repeat(np.arange(4), 75)
    cycle = np.array([0.0, 0.1, 9.0, 9.1])[kind][:, None] * np.ones(46)
    assert spectral_clusters(cycle, 2, seed=0).tolist() == [0] * 150 + [1] * 150


@pytest.mark.parametrize("n_clusters", [1, 2, 3])
def test_two_cells(n_clusters):
    label = spectral_clusters(np.array([np.zeros(46), np.ones(46)]), n_clusters, seed=0)
    assert label.tolist() == ([0, 0] if n_clusters == 1 else [0, 1])


def test_a_gap_in_a_cycle_is_no_input():
    cycle = np.ones((5, 46))
    cycle[2, 7] = np.nan
    with pytest.raises(AssertionError, match="a seasonal cycle with a gap"):
        spectral_clusters(cycle, 2, seed=0)


def test_relabelled_by_hand():
    assert relabelled(np.array([7, 7, 0, 3, 0])).tolist() == [0, 0, 1, 2, 1]


def test_one_cluster_needs_no_distances():
    assert spectral_clusters(np.zeros((2, 46)), 1, seed=0).tolist() == [0, 0]


def test_as_many_clusters_as_cells_is_one_each():
    assert spectral_clusters(np.eye(3, 46), 3, seed=0).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("cells", "expected"), [(1, 1), (7, 1), (8, 2), (47, 11), (48, 12), (900, 12)]
)
def test_small_regions_get_fewer_clusters(cells, expected):
    assert number_of_clusters(cells, n_clusters=12, members=4) == expected
