import numpy as np
import pandas as pd
import pytest

from fluxprod.core.time_axis import calendar_day, daily_axis
from fluxprod.drivers.seasonal_cycle import (
    daily_cycle,
    fill_periodic,
    mean_by_step,
    mean_seasonal_cycle,
    steps_of_year,
    window_means,
)


def middles(years=(2003, 2004, 2005), start=9, every=16):
    return pd.DatetimeIndex(
        [
            pd.Timestamp(year, 1, 1) + pd.Timedelta(days=int(day) - 1)
            for year in years
            for day in range(start, 362, every)
        ]
    )


def test_a_planted_cycle_comes_back():
    time = middles()
    phase = 2 * np.pi * (time.day_of_year.to_numpy() - 1) / 365
    year = {2003: -1.0, 2004: 0.0, 2005: 1.0}
    values = 5 + 2 * np.cos(phase) + time.year.map(year).to_numpy()
    got = mean_seasonal_cycle(values[None], time)[0]
    day = np.delete(np.arange(366), 59)
    expected = 5 + 2 * np.cos(2 * np.pi * np.arange(365) / 365)
    np.testing.assert_allclose(got[day], expected, atol=0.025)  # linear between 16-day steps


def test_leap_day_is_the_mean_of_its_neighbours():
    values = np.random.default_rng(1).normal(size=(2, 69))
    got = mean_seasonal_cycle(values, middles())
    np.testing.assert_allclose(got[:, 59], (got[:, 58] + got[:, 60]) / 2)


def test_missing_composites_carry_no_weight():
    step = np.array([0, 1, 0, 1])
    got = mean_by_step(np.array([[1.0, 5.0, np.nan, 7.0]]), step)
    assert got.tolist() == [[1.0, 6.0]]


def test_gaps_are_filled_across_the_turn_of_the_year():
    # day 355 lies midway between 340 and 370, which is day 5 of the next year
    got = fill_periodic(np.array([[10.0, 20.0, np.nan]]), np.array([5.0, 340.0, 355.0]))
    assert got[0, 2] == pytest.approx(15.0)
    assert np.isnan(fill_periodic(np.full((1, 3), np.nan), np.array([5.0, 340.0, 355.0]))).all()


def test_steps_are_the_same_in_leap_years():
    step, day = steps_of_year(middles())
    assert len(day) == 23
    assert (step == np.tile(np.arange(23), 3)).all()


def test_daily_cycle_by_pandas():
    time = daily_axis(2003, 2005)
    values = np.random.default_rng(3).normal(size=(2, len(time)))
    got = daily_cycle(values, calendar_day(time))
    expected = pd.DataFrame(values.T, index=time).groupby([time.month, time.day]).mean()
    np.testing.assert_allclose(
        np.delete(got, 59, axis=1), np.delete(expected.to_numpy().T, 59, axis=1), rtol=1e-9
    )


def test_window_means_by_hand():
    time = pd.date_range("2003-01-01", periods=40)
    values = np.arange(40.0)[None]
    middle = pd.DatetimeIndex(["2003-01-09", "2003-02-09"])
    got = window_means(values, time, middle, 16)
    # days 1 to 16 have values 0..15; the second window is truncated to values 31..39
    assert got[0].tolist() == [7.5, 35.0]
