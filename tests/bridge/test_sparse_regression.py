"""Planted pixels come back; the path stops where R2 is enough; optimality against the KKT rule."""

import numpy as np
import pytest

from fluxprod.bridge.fit import explained_variance, predicted_flux
from fluxprod.bridge.sparse_regression import lasso_to_r2


@pytest.fixture
def planted():
    """96 months of 30 candidates; the region is 0.6 of pixel 4 and 0.3 of pixel 17, less 0.5."""
    generator = np.random.default_rng(5)
    x = generator.normal(size=(96, 30))
    return x, 0.6 * x[:, 4] + 0.3 * x[:, 17] - 0.5


def test_planted_pixels_come_back(planted):
    x, y = planted
    fit = lasso_to_r2(x, y, r2_threshold=0.9999, n_alphas=80)
    assert np.flatnonzero(np.abs(fit.share) > 0.01).tolist() == [4, 17]
    assert fit.share[[4, 17]] == pytest.approx([0.6, 0.3], abs=0.01)
    assert fit.intercept == pytest.approx(-0.5, abs=0.01)


def test_path_stops_at_the_first_penalty_that_is_enough(planted):
    x, y = planted
    fit = lasso_to_r2(x, y, r2_threshold=0.9, n_alphas=80)
    assert 0.9 <= fit.r2 < 0.95
    assert fit.r2 == pytest.approx(explained_variance(predicted_flux(fit, x), y), abs=1e-9)
    step = 1e-4 ** (1 / 79)  # of the geometric path
    before = _lasso(x, y, fit.penalty / step)
    assert explained_variance(before, y) < 0.9


def _lasso(x: np.ndarray, y: np.ndarray, alpha: float) -> np.ndarray:
    """Estimate by plain proximal gradient steps, to convergence."""
    anomaly, target, share = x - x.mean(axis=0), y - y.mean(), np.zeros(x.shape[1])
    length = len(y) / np.linalg.norm(anomaly, 2) ** 2
    for _ in range(5000):
        step = share + length * anomaly.T @ (target - anomaly @ share) / len(y)
        share = np.sign(step) * np.maximum(np.abs(step) - length * alpha, 0.0)
    return anomaly @ share + y.mean()


def test_fit_is_the_minimum_at_its_penalty(planted):
    x, y = planted
    fit = lasso_to_r2(x, y, r2_threshold=0.9, n_alphas=80)
    np.testing.assert_allclose(predicted_flux(fit, x), _lasso(x, y, fit.penalty), atol=1e-3)


def test_unreachable_threshold_gives_the_end_of_the_path(planted):
    x, _ = planted
    noise = np.random.default_rng(6).normal(size=96)
    fit = lasso_to_r2(x[:, :3], noise, r2_threshold=0.95, n_alphas=10)
    assert fit.r2 < 0.5


def test_constant_target_needs_no_pixel(planted):
    fit = lasso_to_r2(planted[0], np.full(96, 2.0), r2_threshold=0.95, n_alphas=10)
    assert not fit.share.any()
    assert fit.intercept == 2.0


def test_fit_does_not_depend_on_the_order_of_candidates(planted):
    x, y = planted
    fit = lasso_to_r2(x, y, r2_threshold=0.95, n_alphas=80)
    turned = lasso_to_r2(x[:, ::-1], y, r2_threshold=0.95, n_alphas=80)
    np.testing.assert_allclose(turned.share[::-1], fit.share, atol=1e-4)
