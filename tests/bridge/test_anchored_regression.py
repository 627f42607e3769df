"""The anchored bridge starts at the land of the strata and leaves it only as far as needed."""

import numpy as np
import pytest

from fluxprod.bridge.anchored_regression import anchored_to_r2, stratum_shares


def test_shares_by_hand():
    # cluster 0: cells of 1, 3 m2, both candidates; cluster 1: 6 m2 in three cells, one candidate
    cluster, area = np.array([0, 0, 1, 1, 1]), np.array([1.0, 3.0, 1.0, 2.0, 3.0])
    share = stratum_shares(cluster, area, np.array([0, 1, 4]))
    assert share.tolist() == [0.2, 0.2, 0.6]


def test_a_good_prior_is_kept():
    x = np.random.default_rng(1).normal(size=(40, 3))
    prior = np.array([0.5, 0.3, 0.2])
    fit = anchored_to_r2(x, x @ prior, prior=prior, r2_threshold=0.95, n_alphas=30)
    np.testing.assert_allclose(fit.share, prior, atol=1e-12)
    assert fit.intercept == 0.0


def test_solution_is_that_of_ridge_toward_the_prior():
    generator = np.random.default_rng(2)
    x, y, prior = generator.normal(size=(20, 4)), generator.normal(size=20), np.full(4, 0.25)
    fit = anchored_to_r2(x, y, prior=prior, r2_threshold=2.0, n_alphas=5)
    # (x'x + penalty) s = x'y + penalty prior
    s = np.linalg.solve(x.T @ x + fit.penalty * np.eye(4), x.T @ y + fit.penalty * prior)
    np.testing.assert_allclose(fit.share, s, atol=1e-9)


def test_r2_threshold_is_reached_from_a_poor_prior():
    x = np.random.default_rng(3).normal(size=(60, 5))
    y = x @ np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    fit = anchored_to_r2(x, y, prior=np.full(5, 0.2), r2_threshold=0.95, n_alphas=80)
    assert 0.95 <= fit.r2 < 0.99
    assert fit.share[0] == pytest.approx(1.0, abs=0.2)
