"""The anchored bridge starts at the land of the strata and leaves it only as far as needed."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.metrics import r2_score

from fluxprod.bridge.anchored_regression import anchored_to_r2, stratum_shares
from fluxprod.bridge.fit import predicted_flux


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


@pytest.fixture
def months():
    """Twenty months of 4 candidates, a region that none explains well, shares that sum to one."""
    generator = np.random.default_rng(2)
    return generator.normal(size=(20, 4)), generator.normal(size=20), np.array([0.4, 0.3, 0.2, 0.1])


def test_solution_meets_the_kkt_conditions(months):
    x, y, prior = months
    fit = anchored_to_r2(x, y, prior=prior, r2_threshold=2.0, n_alphas=5)
    # (x'x + penalty) s + multiplier = x'y + penalty prior, and sum(s) = 1
    system = np.ones((5, 5))
    system[:4, :4] = x.T @ x + fit.penalty * np.eye(4)
    system[4, 4] = 0.0
    expected = np.linalg.solve(system, np.append(x.T @ y + fit.penalty * prior, 1.0))[:4]
    np.testing.assert_allclose(fit.share, expected, atol=1e-9)


def test_solution_is_the_minimum_that_scipy_finds(months):
    x, y, prior = months
    fit = anchored_to_r2(x, y, prior=prior, r2_threshold=2.0, n_alphas=2)

    def loss(s):
        return ((y - x @ s) ** 2).sum() + fit.penalty * ((s - prior) ** 2).sum()

    sums = {"type": "eq", "fun": lambda s: s.sum() - 1.0}
    found = minimize(loss, prior, method="SLSQP", constraints=sums, options={"ftol": 1e-14})
    np.testing.assert_allclose(fit.share, found.x, atol=1e-6)


@pytest.mark.parametrize("n_alphas", [1, 20, 80])
def test_a_uniform_shift_moves_the_region_by_all_of_it(months, n_alphas):
    x, y, prior = months
    fit = anchored_to_r2(x, y, prior=prior, r2_threshold=2.0, n_alphas=n_alphas)
    np.testing.assert_allclose(
        predicted_flux(fit, x + 3.0), predicted_flux(fit, x) + 3.0, atol=1e-12
    )


@pytest.mark.parametrize("candidates", [1, 3])
def test_candidates_that_do_not_differ_keep_the_prior(candidates):
    generator = np.random.default_rng(4)
    x = np.repeat(generator.normal(size=(20, 1)), candidates, axis=1)
    prior = generator.dirichlet(np.ones(candidates))
    y = x[:, 0] + 0.1 * generator.normal(size=20)
    fit = anchored_to_r2(x, y, prior=prior, r2_threshold=2.0, n_alphas=5)
    np.testing.assert_array_equal(fit.share, prior)
    assert fit.r2 == pytest.approx(r2_score(y, x[:, 0]))


def test_r2_threshold_is_reached_from_a_poor_prior():
    x = np.random.default_rng(3).normal(size=(60, 5))
    y = x @ np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    fit = anchored_to_r2(x, y, prior=np.full(5, 0.2), r2_threshold=0.95, n_alphas=80)
    assert 0.95 <= fit.r2 < 0.99
    assert fit.share[0] == pytest.approx(1.0, abs=0.2)
