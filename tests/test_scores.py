"""Numbers worked out by hand, and scikit-learn, scipy and numpy as independent routes."""

import numpy as np
import pytest
from sklearn.metrics import r2_score, root_mean_squared_error

from fluxprod.scores import (
    bias,
    detrended,
    interannual_variability,
    nnse,
    nse,
    pearson_r,
    rmse,
)

ESTIMATE = np.array([1.0, 2.0, 3.0, 6.0])
REFERENCE = np.array([1.0, 3.0, 5.0, 7.0])


def test_by_hand():
    # differences 0, -1, -2, -1: mean -1, squares 0 + 1 + 4 + 1 = 6
    assert bias(ESTIMATE, REFERENCE) == -1.0
    assert rmse(ESTIMATE, REFERENCE) == pytest.approx(np.sqrt(1.5))
    # mean of the reference 4, squares 9 + 1 + 1 + 9 = 20
    assert nse(ESTIMATE, REFERENCE) == pytest.approx(1 - 6 / 20)
    assert nnse(ESTIMATE, REFERENCE) == pytest.approx(1 / (1 + 6 / 20))
    # anomalies -2 -1 0 3 and -3 -1 1 3: 6 + 1 + 0 + 9 = 16; squares 14 and 20
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


def test_no_correlation_with_a_constant():
    assert np.isnan(pearson_r(np.ones(4), REFERENCE))
    assert np.isnan(nse(REFERENCE, np.ones(4)))


def test_a_line_has_no_variability():
    year = np.arange(2001, 2018)
    np.testing.assert_allclose(detrended(3.0 - 0.2 * year), 0.0, atol=1e-12)
    assert interannual_variability(3.0 - 0.2 * year) == pytest.approx(0.0, abs=1e-12)


def test_variability_by_hand():
    # 0 3 0: mean 1, slope 0, anomalies -1 2 -1, variance (1 + 4 + 1) / 3 = 2
    assert interannual_variability(np.array([0.0, 3.0, 0.0])) == pytest.approx(np.sqrt(2.0))
    # a trend on top changes nothing
    assert interannual_variability(np.array([0.0, 8.0, 10.0])) == pytest.approx(np.sqrt(2.0))
    series = np.random.default_rng(2).normal(size=(3, 17))
    year = np.arange(17)
    expected = [np.std(y - np.polyval(np.polyfit(year, y, 1), year)) for y in series]
    np.testing.assert_allclose(interannual_variability(series), expected)
