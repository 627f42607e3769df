"""Eigenvectors against a dense solver of the generalised problem, from 32-bit affinities."""

import numpy as np
import pytest
from scipy.linalg import eigh

from fluxprod.bridge import spectral_embedding as module
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


@pytest.fixture
def chain():
    """600 points in a row that know only their neighbours; eigenvalues crowd at one."""
    place = np.arange(600.0)
    return np.maximum(np.exp(-0.5 * (place[:, None] - place) ** 2), 1e-5).astype(np.float32)


@pytest.fixture
def products(monkeypatch):
    """Number of products of the matrix and a vector."""
    calls, product = [], module._product
    monkeypatch.setattr(module, "_product", lambda *a: calls.append(1) or product(*a))
    return calls


def test_work_of_the_iteration_is_bounded_and_the_dense_solver_takes_over(chain, products):
    got = spectral_embedding(chain, 12, start=np.random.default_rng(1).uniform(-1, 1, 600))
    assert 500 < len(products) <= 1_100  # 60 vectors, of which each of 20 restarts renews 48
    weight = chain.astype(float) * (1 - np.eye(600))
    _, vector = eigh(weight, np.diag(weight.sum(axis=0)), subset_by_index=(588, 599))
    for column, expected in zip(got.T, vector[:, ::-1].T, strict=True):
        sign = np.sign(column @ expected)
        np.testing.assert_allclose(sign * column, expected, atol=1e-9)


def test_friendly_graph_takes_few_products(graph, products):
    embedded(graph)
    assert len(products) <= 110


@pytest.mark.parametrize("least", [0.0, 1e-30])
@pytest.mark.parametrize("parts", [2, 40, 100])
def test_components_of_a_graph_that_falls_apart_are_constant(least, parts):
    part = np.repeat(np.arange(parts), 600 // parts)
    weight = np.where(part[:, None] == part, 1.0, least)
    start = np.random.default_rng(1).uniform(-1, 1, 600)
    got = spectral_embedding(weight, parts, start=start)
    mean = np.array([got[part == number].mean(axis=0) for number in range(parts)])
    np.testing.assert_allclose(got, mean[part], atol=1e-12)
    assert np.linalg.matrix_rank(mean) == parts


@pytest.mark.parametrize("n_components", [2, 299])
def test_identical_cells_have_an_embedding(n_components):
    start = np.random.default_rng(1).uniform(-1, 1, 300)
    got = spectral_embedding(np.ones((300, 300), np.float32), n_components, start=start)
    gram = got.T @ got * 299  # columns are orthonormal in the degrees, all 299
    np.testing.assert_allclose(gram, np.eye(n_components), atol=1e-8)


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
