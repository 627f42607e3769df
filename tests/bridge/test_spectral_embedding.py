"""Eigenvectors against a dense solver of the generalised problem, from 32-bit affinities."""

import numpy as np
import pytest
from scipy.linalg import eigh

from fluxprod.bridge.spectral_embedding import spectral_embedding


@pytest.fixture
def graph():
    """300 points in three heaps, more than the rows of one block."""
    generator = np.random.default_rng(5)
    point = generator.normal(0, 0.4, (300, 2)) + np.repeat([[0, 0], [3, 0], [0, 3]], 100, axis=0)
    squared = ((point[:, None] - point) ** 2).sum(axis=-1)
    return np.exp(-squared).astype(np.float32)


def embedded(graph):
    return spectral_embedding(graph, 4, start=np.random.default_rng(1).uniform(-1, 1, 300))


def test_columns_solve_the_generalised_problem(graph):
    weight = graph.astype(float) * (1 - np.eye(300))
    value, vector = eigh(weight, np.diag(weight.sum(axis=0)))
    got = embedded(graph)
    for column, expected in zip(got.T, vector[:, ::-1].T, strict=False):
        sign = np.sign(column @ expected)
        np.testing.assert_allclose(sign * column, expected, atol=1e-9)
    assert value[-1] == pytest.approx(1.0)


def test_first_column_is_constant(graph):
    first = embedded(graph)[:, 0]
    np.testing.assert_allclose(first, first[0], rtol=1e-8)


def test_graph_is_left_as_it_is(graph):
    before = graph.copy()
    embedded(graph)
    assert (graph == before).all()


def test_equal_cells_repeat():
    start = np.ones(12)
    first, second = (spectral_embedding(np.ones((12, 12)), 4, start=start) for _ in range(2))
    assert first.tobytes() == second.tobytes()
