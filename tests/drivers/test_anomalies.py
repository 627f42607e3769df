import numpy as np
import pandas as pd
import pytest

from fluxprod.core.time_axis import calendar_day, daily_axis
from fluxprod.drivers.anomalies import running_anomaly
from fluxprod.drivers.seasonal_cycle import cycle_of_years

TIME = daily_axis(2003, 2004)  # 2004 is a leap year
NOTHING = np.zeros((1, 366))


def day(date):
    return TIME.get_loc(date)


def test_one_warm_day_is_remembered_for_61_days():
    values = np.zeros((1, len(TIME)))
    values[0, day("2004-02-29")] = 61.0
    got = running_anomaly(values, NOTHING, TIME)[0]
    # from the day itself to 60 days later: 1 day of February, 31 of March and 29 of April
    expected = np.zeros(len(TIME))
    expected[day("2004-02-29") : day("2004-04-29") + 1] = 1.0
    np.testing.assert_allclose(got, expected, atol=1e-12)


def test_the_first_days_take_the_days_that_are_there():
    values = np.arange(1.0, len(TIME) + 1.0)[None]
    got = running_anomaly(values, NOTHING, TIME)[0]
    assert got[:4].tolist() == [1.0, 1.5, 2.0, 2.5]
    # 1 to 61, then 2 to 62
    assert got[60:62].tolist() == [31.0, 32.0]


def test_a_year_that_repeats_has_no_anomaly():
    cycle = 10.0 * np.sin(2 * np.pi * np.arange(366) / 366)
    cycle[59] = (cycle[58] + cycle[60]) / 2  # 29 February
    time = daily_axis(2001, 2008)
    values = np.stack([cycle, 3.0 - cycle])[:, calendar_day(time) - 1]
    got = running_anomaly(values, cycle_of_years(values, time, 2001, 2012), time)
    np.testing.assert_allclose(got, 0.0, atol=1e-10)


def test_the_cycle_is_that_of_its_years():
    time = daily_axis(2001, 2003)
    values = np.asarray(time.year, float)[None] - 2001.0  # 0, 1, 2
    got = running_anomaly(values, cycle_of_years(values, time, 2001, 2002), time)[0]
    # minus the mean of 0 and 1; at the end of a year, the window lies within that year
    assert got[np.flatnonzero(time.month * 100 + time.day == 1231)] == pytest.approx(
        [-0.5, 0.5, 1.5]
    )


def test_a_rolling_mean_of_pandas_is_the_same():
    time = daily_axis(
        2001, 2003
    )  # no leap year, so grouping by month and day is grouping by calendar day
    values = np.random.default_rng(4).normal(size=(3, len(time)))
    got = running_anomaly(values, cycle_of_years(values, time, 2001, 2003), time)
    table = pd.DataFrame(values.T, index=time)
    anomaly = table - table.groupby([time.month, time.day]).transform("mean")
    np.testing.assert_allclose(got.T, anomaly.rolling(61, min_periods=1).mean(), atol=1e-12)


def test_rows_do_not_depend_on_the_rows_beside_them():
    values = np.random.default_rng(5).normal(size=(7, len(TIME)))

    def anomaly(rows):
        return running_anomaly(rows, cycle_of_years(rows, TIME, 2003, 2004), TIME)

    np.testing.assert_array_equal(anomaly(values)[2:5], anomaly(values[2:5]))
