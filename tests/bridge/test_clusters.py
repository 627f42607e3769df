"""Planted seasonal shapes come back as clusters, always with the same numbers."""

import numpy as np
import pytest

from fluxprod.bridge.clusters import number_of_clusters, relabelled, spectral_clusters

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


@pytest.mark.parametrize(
    ("cells", "expected"), [(1, 1), (7, 1), (8, 2), (47, 11), (48, 12), (900, 12)]
)
def test_small_regions_get_fewer_clusters(cells, expected):
    assert number_of_clusters(cells, n_clusters=12, members=4) == expected
