"""Warping distances against dtaidistance, in 32-bit arithmetic to the bit, and by their laws."""

import numpy as np
import pytest
from dtaidistance import dtw
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fluxprod.bridge.similarity import dtw_distances

F32 = st.floats(-8.0, 8.0, width=32, allow_subnormal=False)
THREE = arrays(np.float32, st.tuples(st.just(3), st.integers(1, 9)), elements=F32)


@pytest.fixture(scope="module")
def seasons():
    """150 cells, so that blocks are full, cut short and many; 46 steps."""
    generator = np.random.default_rng(7)
    step, peak = np.arange(46), generator.normal(23, 5, (150, 1))
    season = generator.uniform(-4, 4, (150, 1)) * np.exp(-(((step - peak) / 6.0) ** 2))
    return season + generator.normal(0, 0.2, (150, 46))


def test_distances_are_those_of_dtaidistance(seasons):
    expected = dtw.distance_matrix_fast(seasons, parallel=False)
    got = dtw_distances(seasons)
    upper = np.triu_indices(150, 1)
    np.testing.assert_allclose(got[upper], np.asarray(expected)[upper], rtol=1e-5)


@pytest.mark.parametrize("steps", [1, 2, 12])
def test_series_of_any_length_are_compared(steps):
    series = np.random.default_rng(steps).normal(size=(5, steps))
    upper = np.triu_indices(5, 1)
    expected = dtw.distance_matrix(series, compact=True)
    np.testing.assert_allclose(dtw_distances(series)[upper], expected, rtol=1e-5, atol=1e-6)


def test_threads_change_no_byte(seasons):
    alone = dtw_distances(seasons).tobytes()
    assert dtw_distances(seasons, threads=3).tobytes() == alone


def in_float32(a: np.ndarray, b: np.ndarray) -> np.float32:
    """The recurrence, every operation rounded to 32 bits: a fused one would differ."""
    cost = np.full((len(a) + 1, len(b) + 1), np.inf, np.float32)
    cost[0, 0] = 0.0
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            square = np.float32(np.float32(left - right) * np.float32(left - right))
            least = min(cost[i, j], cost[i, j + 1], cost[i + 1, j])
            cost[i + 1, j + 1] = np.float32(square + least)
    return np.float32(np.sqrt(cost[-1, -1]))


def test_every_operation_is_rounded_to_32_bits(seasons):
    some = seasons[:12].astype(np.float32)
    expected = np.array([[in_float32(a, b) for b in some] for a in some])
    assert dtw_distances(some).tobytes() == expected.tobytes()


@settings(max_examples=60, deadline=None)
@given(THREE)
def test_laws_of_a_distance(series):
    distance = dtw_distances(series)
    assert distance.dtype == np.float32
    assert (distance == distance.T).all()
    assert (np.diagonal(distance) == 0.0).all()
    straight = np.linalg.norm(series[:, None].astype(float) - series[None], axis=-1)
    assert (distance <= straight * (1 + 1e-5) + 1e-12).all()


@settings(max_examples=60, deadline=None)
@given(arrays(np.float32, 8, elements=F32), st.integers(1, 4), st.integers(0, 7))
def test_waiting_costs_nothing(season, wait, when):
    """A season that stands still for some steps, early or late, is the same season."""
    early = np.insert(season, 0, np.full(wait, season[0]))
    paused = np.insert(season, when, np.full(wait, season[when]))
    distance = dtw_distances(np.array([early, paused]))
    assert distance[0, 1] == 0.0
