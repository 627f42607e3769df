"""Steps of the cycle by the calendar; sums of years add."""

import numpy as np
import pandas as pd

from fluxprod.bridge.seasonal_cycle import cycle_step, cycle_sums, mean_cycle
from fluxprod.core.time_axis import daily_axis, monthly_axis


def test_steps_by_the_calendar():
    step = dict(zip(daily_axis(2001, 2001), cycle_step(daily_axis(2001, 2001)), strict=True))
    assert step[pd.Timestamp("2001-01-08")] == 0
    assert step[pd.Timestamp("2001-01-09")] == 1
    assert step[pd.Timestamp("2001-12-31")] == 45
    leap = dict(zip(daily_axis(2004, 2004), cycle_step(daily_axis(2004, 2004)), strict=True))
    # 1 July begins day 183 of a leap year's calendar in both years: (183 - 1) // 8 = 22
    assert step[pd.Timestamp("2001-07-01")] == leap[pd.Timestamp("2004-07-01")] == 22


def test_a_monthly_cube_has_twelve_steps():
    assert cycle_step(monthly_axis(2001, 2002)).tolist() == [*range(12)] * 2


def test_years_add_to_the_cycle_of_all():
    time = daily_axis(2003, 2004)
    nee = np.random.default_rng(0).normal(size=(3, len(time)))
    parts = [
        cycle_sums(nee[:, time.year == year], time[time.year == year]) for year in (2003, 2004)
    ]
    step = cycle_step(time)
    expected = [nee[:, step == number].mean(axis=1) for number in range(46)]
    np.testing.assert_allclose(mean_cycle(parts), np.transpose(expected), atol=1e-12)
