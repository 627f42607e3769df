"""Planted seasonal shapes come back as clusters, always with the same numbers."""

import numpy as np
import pytest
from dtaidistance import dtw
from sklearn.cluster import SpectralClustering

from fluxprod.bridge.clusters import number_of_clusters, relabelled, spectral_clusters
from fluxprod.bridge.similarity import affinity

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
