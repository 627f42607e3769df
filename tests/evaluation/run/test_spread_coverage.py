"""Coverage by counting, and for errors of a known distribution."""

import numpy as np
import pytest
from scipy.stats import norm, t

from fluxprod.evaluation.run.spread_coverage import (
    HALF_WIDTH,
    NOMINAL,
    coverage,
    inflation,
    standard_errors,
)


def planted(n=4000, bias=0.0, scale=1.0):
    """Absolute errors in units of the spread, at regular quantiles of a normal distribution."""
    return np.abs(norm.ppf((np.arange(n) + 0.5) / n, bias, scale))


def test_by_hand():
    # one, two and three spreads away: one of four within 1, two within 1.96
    z = standard_errors([0.5, -1.5, 2.0, -6.0], [1.0, 1.0, 1.0, 2.0])
    assert z.tolist() == [0.5, 1.5, 2.0, 3.0]
    assert coverage(z, 68) == 0.25
    assert coverage(z, 95) == 0.5
    assert coverage(z, 68, inflation=2.0) == 0.75
    assert coverage(z, 68, weight=[3.0, 1.0, 0.0, 0.0]) == 0.75


def test_levels_are_those_of_the_normal_distribution():
    assert {68: 1.0, 95: norm.ppf(0.975)} == pytest.approx(HALF_WIDTH)
    assert NOMINAL[68] == pytest.approx(norm.cdf(1) - norm.cdf(-1))


@pytest.mark.parametrize("level", [68, 95])
def test_normal_errors_of_the_stated_size_are_covered_as_stated(level):
    assert coverage(planted(), level) == pytest.approx(NOMINAL[level], abs=1e-3)
    assert inflation(planted(), level) == pytest.approx(1.0, abs=2e-3)


def test_errors_three_times_as_large():
    z = planted(scale=3.0)
    assert coverage(z, 68) == pytest.approx(norm.cdf(1 / 3) - norm.cdf(-1 / 3), abs=1e-3)
    assert inflation(z) == pytest.approx(3.0, rel=2e-3)


def test_a_bias_of_two_spreads():
    # P(|x + 2| < k) = 0.6827 for normal x
    z = planted(bias=2.0)
    assert coverage(z, 68) == pytest.approx(norm.cdf(-1) - norm.cdf(-3), abs=1e-3)
    k = inflation(z)
    assert norm.cdf(k - 2) - norm.cdf(-k - 2) == pytest.approx(NOMINAL[68], abs=1e-3)


def test_the_factor_includes_the_effect_of_few_members():
    # divided by the spread of ten members, normal errors follow Student's t with 9 degrees
    n = 4000
    z = np.abs(t.ppf((np.arange(n) + 0.5) / n, 9))
    assert coverage(z, 68) == pytest.approx(2 * t.cdf(1, 9) - 1, abs=1e-3)
    assert inflation(z) == pytest.approx(t.ppf((1 + NOMINAL[68]) / 2, 9), rel=2e-3)


@pytest.mark.parametrize("level", [68, 95])
def test_the_factor_gives_the_nominal_share_and_no_smaller_one_does(level):
    z = np.random.default_rng(1).lognormal(1.0, 1.5, 577)
    k = inflation(z, level)
    assert coverage(z, level, k * (1 + 1e-12)) >= NOMINAL[level]
    assert coverage(z, level, k * (1 - 1e-9)) < NOMINAL[level]


def test_the_factor_is_inversely_proportional_to_the_spread():
    error, spread = np.random.default_rng(2).normal(size=(2, 300))
    spread = np.abs(spread)
    z, doubled = standard_errors(error, spread), standard_errors(error, 2 * spread)
    assert inflation(z) == pytest.approx(2 * inflation(doubled))
    assert coverage(z, 95, 2.0) == coverage(doubled, 95)


def test_a_weight_counts_as_repeats():
    z = np.random.default_rng(3).exponential(2.0, 50)
    weight = np.arange(1, 51)
    assert inflation(z, 68, weight) == inflation(np.repeat(z, weight), 68)
    assert coverage(z, 68, 2.0, weight) == pytest.approx(coverage(np.repeat(z, weight), 68, 2.0))


def test_the_largest_errors_do_not_move_the_factor():
    z = np.linspace(0.0, 2.0, 101)
    assert inflation(np.where(z > 1.9, np.inf, z)) == inflation(z)


def test_what_is_missing_does_not_count():
    z = standard_errors([0.5, np.nan, 1.0, 0.0, 3.0], [1.0, 1.0, np.nan, 0.0, 0.0])
    assert np.isnan(z[1:4]).all()
    assert z[4] == np.inf
    assert coverage(z, 95) == 0.5
    assert inflation([*z, 0.5, 0.5]) == 0.5
    assert np.isnan(coverage([np.nan], 68))
    assert np.isnan(coverage([1.0], 68, np.nan))
    with pytest.raises(ValueError, match="no error with a spread"):
        inflation([np.nan])
