import numpy as np
import pandas as pd
import pytest

from fluxprod.core.time_axis import calendar_day, daily_axis, month_days, monthly_means


def test_calendar_days_are_the_same_in_every_year():
    dates = pd.DatetimeIndex(["2003-02-28", "2003-03-01", "2004-02-29", "2004-03-01", "2003-12-31"])
    assert calendar_day(dates).tolist() == [59, 61, 60, 61, 366]


def test_month_lengths_follow_the_calendar():
    months = pd.date_range("2004-01-01", "2004-12-01", freq="MS")
    assert month_days(months).tolist() == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def test_monthly_means_agree_with_pandas():
    time = daily_axis(2003, 2004)
    values = np.random.default_rng(1).normal(size=(3, len(time)))
    expected = pd.DataFrame(values.T, index=time).resample("MS").mean().to_numpy().T
    np.testing.assert_allclose(monthly_means(values, time), expected, rtol=1e-12)


def test_part_of_a_month_is_refused():
    with pytest.raises(ValueError, match="not whole months"):
        monthly_means(np.zeros(10), pd.date_range("2003-01-01", periods=10))
