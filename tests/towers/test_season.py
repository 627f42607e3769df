import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxprod.towers.season import season_quantiles

DAYS = pd.date_range("2003-01-01", "2004-12-31", unit="s")  # 2004 is a leap year


def test_by_hand():
    # 40 days of one season: the quantile 0.025 of 1..40 lies 0.975 days above the first
    days = DAYS[:40]
    got = season_quantiles(np.arange(1.0, 41.0), days, 99, (0.0, 0.025, 0.5, 0.975, 1.0))
    np.testing.assert_allclose(got[:, 20], [1.0, 1.975, 20.5, 39.025, 40.0])


def test_the_season_is_of_all_years_and_goes_over_the_new_year():
    values = np.full(len(DAYS), np.nan)
    values[:10] = 1.0  # January 2003
    values[-10:] = 2.0  # December 2004
    low, high = season_quantiles(values, DAYS, 31, (0.0, 1.0))
    assert (low[0], high[0]) == (1.0, 2.0)
    assert (low[366], high[366]) == (1.0, 2.0)  # 2 January 2004
    # the season of 6 January begins on 22 December; that of 7 January still contains all values
    judged = np.isfinite(low)
    assert set(DAYS[judged].strftime("%m-%d")) == {
        *pd.date_range("2004-12-26", "2005-01-06").strftime("%m-%d")
    }


def test_fewer_than_twenty_days_give_no_quantiles():
    assert np.isnan(season_quantiles(np.zeros(19), DAYS[:19], 31, (0.5,))).all()
    assert season_quantiles(np.zeros(20), DAYS[:20], 61, (0.5,)).tolist() == [[0.0] * 20]


def test_no_days():
    assert season_quantiles(np.zeros(0), DAYS[:0], 31, (0.25, 0.75)).shape == (2, 0)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    half=st.integers(5, 40),
    share=st.floats(0.0, 1.0),
    gaps=st.floats(0.0, 0.9),
)
def test_as_the_obvious_loop(seed, half, share, gaps):
    rng = np.random.default_rng(seed)
    values = np.where(rng.random(len(DAYS)) < gaps, np.nan, rng.normal(size=len(DAYS)).round(1))
    # position of each date in the leap year 2004
    place = [pd.Timestamp(2004, day.month, day.day).day_of_year for day in DAYS]
    expected = []
    for middle in place:
        away = np.array([min(abs(day - middle), 366 - abs(day - middle)) for day in place])
        season = values[(away <= half) & np.isfinite(values)]
        expected.append(np.quantile(season, share) if len(season) >= 20 else np.nan)
    got = season_quantiles(values, DAYS, 2 * half + 1, (share,))[0]
    np.testing.assert_allclose(got, expected, atol=1e-12)
