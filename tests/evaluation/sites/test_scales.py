import numpy as np
import pytest

from fluxprod.evaluation.sites.scales import (
    OF_MONTHS,
    SCALES,
    RecordLimits,
    at_scales,
    seasonal_cycle,
)

# two days in each of four months; on paper:
#             Jan 2001  Jul 2001  Jan 2002  Jul 2002
# observed      1, 3     -5, -3     3, 5     -9, -7     means  2, -4, 4, -8
# estimate      2, 2     -4, -4     2, 4     -6, -4     means  2, -4, 3, -5
DAYS = np.array(
    ["2001-01-10", "2001-01-11", "2001-07-10", "2001-07-11"]
    + ["2002-01-10", "2002-01-11", "2002-07-10", "2002-07-11"],
    "datetime64[D]",
)
OBSERVED = np.array([1.0, 3.0, -5.0, -3.0, 3.0, 5.0, -9.0, -7.0])
ESTIMATE = np.array([2.0, 2.0, -4.0, -4.0, 2.0, 4.0, -6.0, -4.0])
ALL_COUNT = RecordLimits(days_a_month=2, days_a_year=4, days_a_window=4)

ON_PAPER = {
    "daily": (OBSERVED, ESTIMATE),
    "monthly": ([2, -4, 4, -8], [2, -4, 3, -5]),
    "season": ([3, -6], [2.5, -4.5]),
    "season_shape": ([4.5, -4.5], [3.5, -3.5]),
    # both days of a month are in one window: means 3, -6 and 2.5, -4.5
    "anomaly": ([-2, 0, 1, 3, 0, 2, -3, -1], [-0.5, -0.5, 0.5, 0.5, -0.5, 1.5, -1.5, 0.5]),
    # means of the years -1, -2 and -1, -1
    "annual": ([0.5, -0.5], [0, 0]),
}


@pytest.mark.parametrize("scale", SCALES)
def test_a_site_worked_on_paper(scale):
    found = at_scales(DAYS, OBSERVED, ESTIMATE, ALL_COUNT)[scale]
    np.testing.assert_allclose(found, ON_PAPER[scale], atol=1e-12)


def test_a_day_without_one_of_both_does_not_count():
    time = np.append(DAYS, np.array(["2002-07-12", "2003-01-10"], "datetime64[D]"))
    observed = np.append(OBSERVED, [np.nan, 100.0])
    estimate = np.append(ESTIMATE, [100.0, np.nan])
    found = at_scales(time, observed, estimate, ALL_COUNT)
    for scale in SCALES:
        np.testing.assert_allclose(found[scale], ON_PAPER[scale], atol=1e-12)


def test_means_of_too_few_days_are_left_out():
    found = at_scales(DAYS[:7], OBSERVED[:7], ESTIMATE[:7], ALL_COUNT)
    np.testing.assert_allclose(found["monthly"][0], [2, -4, 4])
    np.testing.assert_allclose(found["season"][0], [3, -4])
    assert found["annual"].tolist() == [[0.0], [0.0]]  # one year has no departure
    assert found["anomaly"].shape == (2, 4)  # three days in July are fewer than four


def test_a_site_without_records_has_empty_series():
    found = at_scales(DAYS, np.full(8, np.nan), ESTIMATE, ALL_COUNT)
    assert {series.shape for series in found.values()} == {(2, 0)}


def test_the_cycle_is_that_of_a_window_of_31_days_round_the_year():
    time = np.array(["2001-12-25", "2003-01-09", "2004-01-10", "2004-12-31"], "datetime64[D]")
    # from 25 December 15 days reach to 9 January; 31 December of a leap year is the 365th day
    (cycle,) = seasonal_cycle(time, np.array([[1.0, 2.0, 3.0, 6.0]]), 1)
    np.testing.assert_allclose(cycle, [(1 + 2 + 6) / 3, 3.0, (2 + 3 + 6) / 3, 3.0])


def test_one_value_a_month_has_the_mean_of_its_calendar_month_as_cycle():
    time = np.arange("2001-01", "2005-01", dtype="datetime64[M]")
    values = np.random.default_rng(3).normal(size=(2, 48))
    by_month = values.reshape(2, 4, 12)
    expected = (by_month - by_month.mean(axis=1, keepdims=True)).reshape(2, 48)
    found = at_scales(time.astype("datetime64[D]"), *values, OF_MONTHS)
    np.testing.assert_allclose(found["anomaly"], expected, atol=1e-12)
    np.testing.assert_allclose(found["monthly"], values)
    means = by_month.mean(axis=2)
    np.testing.assert_allclose(found["annual"], means - means.mean(axis=1, keepdims=True))
