"""Scores against values worked out by hand and against scikit-learn, scipy and numpy."""

from dataclasses import astuple
from fractions import Fraction
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import detrend
from scipy.stats import linregress, pearsonr
from sklearn.metrics import mean_squared_error, r2_score, root_mean_squared_error

from fluxprod.core.scores import (
    Moments,
    bias,
    detrended,
    interannual_variability,
    moments,
    nnse,
    nse,
    pearson_r,
    rmse,
)

ESTIMATE = np.array([1.0, 2.0, 3.0, 6.0])
REFERENCE = np.array([1.0, 3.0, 5.0, 7.0])
NAMES = ("bias", "rmse", "pearson_r", "nse", "nnse")
# possible fluxes, some of them missing; weights, some of them zero
FLUX = st.floats(-50.0, 50.0, width=32) | st.just(np.nan)
WEIGHT = st.floats(0.125, 8.0, width=32) | st.just(0.0)


@st.composite
def blocks(draw) -> list[np.ndarray]:
    """Blocks of (estimate, reference, weight) around a common level, some of them empty."""
    level = draw(st.sampled_from([0.0, 1e3, 1e6]))
    found = []
    for size in draw(st.lists(st.integers(0, 9), min_size=1, max_size=5)):
        pair = draw(arrays(float, (2, size), elements=FLUX)) + level
        found.append(np.vstack([pair, draw(arrays(float, (1, size), elements=WEIGHT))]))
    return found


def merged(parts: list[np.ndarray]) -> Moments:
    return reduce(add, [moments(*part) for part in parts])


def assert_same(found: Moments, expected: Moments, largest: float) -> None:
    """Assert equality up to rounding of sums of products, given the largest absolute value."""
    noise = 1e-14 * float(expected.weight) * max(largest, 1.0)
    for one, other in zip(astuple(found), astuple(expected), strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=noise * 50.0)


def test_scores_worked_out_by_hand():
    # differences 0, -1, -2, -1: mean -1, sum of squares 0 + 1 + 4 + 1 = 6
    assert bias(ESTIMATE, REFERENCE) == -1.0
    assert rmse(ESTIMATE, REFERENCE) == pytest.approx(np.sqrt(1.5))
    # mean of the reference 4, sum of squares 9 + 1 + 1 + 9 = 20
    assert nse(ESTIMATE, REFERENCE) == pytest.approx(1 - 6 / 20)
    assert nnse(ESTIMATE, REFERENCE) == pytest.approx(1 / (1 + 6 / 20))
    # anomalies -2 -1 0 3 and -3 -1 1 3: products 6 + 1 + 0 + 9 = 16; squares 14 and 20
    assert pearson_r(ESTIMATE, REFERENCE) == pytest.approx(16 / np.sqrt(14 * 20))


def test_landmarks_of_nnse():
    assert nnse(REFERENCE, REFERENCE) == 1.0
    assert nnse(np.full(4, 4.0), REFERENCE) == 0.5  # the mean of the reference
    assert nnse(REFERENCE + 1e6, REFERENCE) < 1e-9


def test_other_libraries_agree():
    rng = np.random.default_rng(5)
    estimate, reference = rng.normal(size=(2, 6, 40))
    rows = list(zip(estimate, reference))
    np.testing.assert_allclose(
        rmse(estimate, reference), [root_mean_squared_error(y, x) for x, y in rows]
    )
    np.testing.assert_allclose(nse(estimate, reference), [r2_score(y, x) for x, y in rows])
    np.testing.assert_allclose(
        pearson_r(estimate, reference), [np.corrcoef(x, y)[0, 1] for x, y in rows]
    )


def test_other_libraries_agree_with_weights():
    estimate, reference = np.random.default_rng(6).normal(size=(2, 30))
    weight = np.random.default_rng(7).uniform(0.1, 3.0, 30)
    found = moments(estimate, reference, weight)
    squared = mean_squared_error(reference, estimate, sample_weight=weight)
    assert found.rmse == pytest.approx(np.sqrt(squared))
    assert found.nse == pytest.approx(r2_score(reference, estimate, sample_weight=weight))
    assert found.bias == pytest.approx(np.average(estimate - reference, weights=weight))
    covariance = np.cov(estimate, reference, aweights=weight)
    r = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert found.pearson_r == pytest.approx(r)


def test_a_weight_of_two_counts_the_pair_twice():
    once = moments(ESTIMATE, REFERENCE, [1.0, 2.0, 1.0, 3.0])
    twice = [0, 1, 1, 2, 3, 3, 3]
    assert_same(once, moments(ESTIMATE[twice], REFERENCE[twice]), 7.0)


def test_nse_decomposes_into_correlation_variability_and_bias():
    # Gupta et al. 2009, doi:10.1016/j.jhydrol.2009.08.003, equation 4
    estimate, reference = np.random.default_rng(8).normal(size=(2, 50)) + [[0.3], [0.0]]
    alpha = estimate.std() / reference.std()
    beta = (estimate.mean() - reference.mean()) / reference.std()
    r = pearsonr(estimate, reference).statistic
    assert nse(estimate, reference) == pytest.approx(2 * alpha * r - alpha**2 - beta**2)
    assert pearson_r(estimate, reference) == pytest.approx(linregress(reference, estimate).rvalue)


@settings(deadline=None)
@given(blocks())
def test_blocks_merge_to_the_whole_in_any_order(parts):
    whole = np.hstack(parts)
    largest = float(np.nanmax(np.abs(whole[:2]), initial=0.0))
    expected = moments(*whole)
    assert_same(merged(parts), expected, largest)
    assert_same(merged(parts[::-1]), expected, largest)


@settings(deadline=None)
@given(blocks())
def test_exact_arithmetic_gives_the_same_sums(parts):
    found = merged(parts)
    pairs = [tuple(map(Fraction, row)) for row in np.hstack(parts).T if not np.isnan(row).any()]
    total = sum(w for *_, w in pairs)
    assert found.weight == total
    if not total:
        assert all(np.isnan(getattr(found, name)) for name in NAMES)
        return
    mean_x, mean_y = (sum(row[k] * row[2] for row in pairs) / total for k in (0, 1))
    product = sum(w * (x - mean_x) * (y - mean_y) for x, y, w in pairs)
    largest = max(abs(float(value)) for row in pairs for value in row[:2])
    assert found.product == pytest.approx(float(product), rel=1e-9, abs=1e-12 * max(largest, 1.0))
    assert found.squared_error == pytest.approx(float(sum(w * (x - y) ** 2 for x, y, w in pairs)))


@settings(deadline=None)
@given(blocks())
def test_an_empty_block_adds_nothing(parts):
    found = merged(parts)
    for empty in (moments([], []), moments([np.nan, 1.0], [1.0, np.nan])):
        assert astuple(found + empty) == astuple(found) == astuple(empty + found)


def test_many_small_blocks_on_a_high_level_keep_their_digits():
    # 1e8 + (0, 1, 2) against 1e8 + (0, 2, 4): sums of squares would lose all digits
    estimate, reference = np.tile([0.0, 1.0, 2.0], 1000), np.tile([0.0, 2.0, 4.0], 1000)
    parts = np.split(np.array([estimate, reference]) + 1e8, 1000, axis=1)
    found = reduce(add, [moments(*part) for part in parts])
    assert found.pearson_r == pytest.approx(1.0, abs=1e-12)
    assert found.estimate2 == pytest.approx(2000.0, rel=1e-12)
    assert found.nse == pytest.approx(1 - 5 / 8, rel=1e-12)


def test_several_series_are_merged_one_by_one():
    estimate, reference = np.random.default_rng(9).normal(size=(2, 5, 12))
    found = moments(estimate[:, :7], reference[:, :7]) + moments(estimate[:, 7:], reference[:, 7:])
    for name in NAMES:
        expected = [getattr(moments(*pair), name) for pair in zip(estimate, reference)]
        np.testing.assert_allclose(getattr(found, name), expected)


@pytest.mark.parametrize("weight", [[1.0, -1.0], [1.0, np.nan]])
def test_invalid_weights_are_refused(weight):
    with pytest.raises(ValueError, match="weights must be numbers and not negative"):
        moments([1.0, 2.0], [1.0, 2.0], weight)


def test_missing_pairs_carry_no_weight():
    nan = np.nan
    estimate = np.array([1.0, nan, 2.0, 3.0, 9.0, 6.0])
    reference = np.array([1.0, 8.0, 3.0, 5.0, nan, 7.0])
    for score in (bias, rmse, nse, nnse, pearson_r):
        assert score(estimate, reference) == pytest.approx(score(ESTIMATE, REFERENCE))
        assert np.isnan(score(np.full(3, nan), np.ones(3)))


def test_order_of_the_pairs_does_not_matter():
    order = [2, 0, 3, 1]
    for score in (bias, rmse, nse, nnse, pearson_r):
        assert score(ESTIMATE[order], REFERENCE[order]) == pytest.approx(score(ESTIMATE, REFERENCE))


def test_a_constant_has_no_correlation():
    # in binary, the mean of three times 0.1 is not 0.1
    for constant in (np.ones(4), np.full(4, 0.1), np.array([0.1, 0.1, 0.1, np.nan])):
        assert np.isnan(pearson_r(constant, REFERENCE))
        assert np.isnan(nse(REFERENCE, constant))


def test_a_linear_trend_has_no_interannual_variability():
    year = np.arange(2001, 2018)
    np.testing.assert_allclose(detrended(3.0 - 0.2 * year), 0.0, atol=1e-12)
    assert interannual_variability(3.0 - 0.2 * year) == pytest.approx(0.0, abs=1e-12)


def test_interannual_variability_worked_out_by_hand():
    # 0 3 0: mean 1, slope 0, anomalies -1 2 -1, variance (1 + 4 + 1) / 3 = 2
    assert interannual_variability(np.array([0.0, 3.0, 0.0])) == pytest.approx(np.sqrt(2.0))
    # adding a trend changes nothing
    assert interannual_variability(np.array([0.0, 8.0, 10.0])) == pytest.approx(np.sqrt(2.0))
    series = np.random.default_rng(2).normal(size=(3, 17))
    year = np.arange(17)
    expected = [np.std(y - np.polyval(np.polyfit(year, y, 1), year)) for y in series]
    np.testing.assert_allclose(interannual_variability(series), expected)
    np.testing.assert_allclose(detrended(series), detrend(series), atol=1e-14)
