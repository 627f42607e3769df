"""The rules one by one, with planted days, and at a real site against plain pandas."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxprod.towers.screening import RULES, Screening, screened

OFF = Screening(min_qc=0.0, max_abs_nee=1e6, partitioning_quantile=0.0, outlier_iqr=0.0, window=31)
YEARS = pd.date_range("2003-01-01", "2006-12-31", unit="s")


def record(days=YEARS, **columns):
    base = {"NEE": np.zeros(len(days)), "NEE_QC": np.ones(len(days))}
    fields = {name: ("time", np.asarray(values, float)) for name, values in columns.items()}
    plain = {name: ("time", values) for name, values in base.items()}
    return xr.Dataset(plain | fields, coords={"time": days})


def seasonal(seed=1):
    """Uptake of 10 g m-2 d-1 in July, release of 1 in winter, with the noise of days."""
    rng = np.random.default_rng(seed)
    summer = np.clip(np.cos(2 * np.pi * (YEARS.day_of_year.to_numpy() - 200) / 365), 0, None) ** 4
    return 1.0 - 11.0 * summer + rng.uniform(-0.5, 0.5, len(YEARS))


def kept(tower, limits):
    return np.isfinite(screened(tower, limits)[0].NEE.values)


def test_a_day_needs_good_half_hours():
    days = YEARS[:4]
    tower = record(days, NEE=[1, 2, 3, np.nan], NEE_QC=[1.0, 0.74, np.nan, 1.0], TA=[5, 5, 5, 5])
    got, count = screened(tower, OFF._replace(min_qc=0.75))
    assert np.isfinite(got.NEE.values).tolist() == [True, False, False, False]
    assert got.TA.values.tolist() == [5.0] * 4
    assert count == {
        "days": 3, "quality": 2, "impossible": 0, "partitioning": 0, "outlier": 0, "kept": 1
    }  # fmt: skip


def test_an_impossible_flux_goes():
    tower = record(YEARS[:3], NEE=[40.0, -40.1, 300.0])
    assert kept(tower, OFF._replace(max_abs_nee=40.0)).tolist() == [True, False, False]


def test_planted_outliers_go_and_the_summer_stays():
    nee = seasonal()
    july, january = 195, 370
    nee[july], nee[january] = 5.0, -9.0  # each a usual flux of the other season
    got = kept(record(NEE=nee), OFF._replace(outlier_iqr=1.5))
    assert not got[july]
    assert not got[january]
    assert got.mean() > 0.98
    # over the whole year the fences of a short season of uptake would be narrow
    quartiles = np.quantile(nee, [0.25, 0.75])
    summer = nee < quartiles[0] - 1.5 * np.diff(quartiles)
    assert summer.sum() > 40
    assert got[summer].mean() > 0.95


def test_fences_by_hand():
    # 22 days of one season: quartiles of 0..20 and 100 are 5.25 and 15.75, so 31.5 is the fence
    nee = np.r_[np.arange(21.0), 100.0]
    tower = record(YEARS[:22], NEE=nee)
    limits = OFF._replace(outlier_iqr=1.5, window=61)
    assert kept(tower, limits).tolist() == [True] * 21 + [False]
    tower.NEE.values[-1] = 31.5
    assert kept(tower, limits).all()
    tower.NEE.values[-1] = 31.6
    assert not kept(tower, limits)[-1]


def test_days_whose_partitionings_disagree_go():
    # residuals 1..40 in one season: the 2.5 and 97.5 % quantiles are 1.975 and 39.025
    days = YEARS[:40]
    gpp = np.full(40, 50.0)
    tower = record(days, GPP_NT=gpp, GPP_DT=gpp - np.arange(1.0, 41.0))
    got = kept(tower, OFF._replace(partitioning_quantile=0.025, window=99))
    assert np.flatnonzero(~got).tolist() == [0, 39]


def test_days_without_both_methods_pass():
    gone = np.where(np.arange(len(YEARS)) < 500, np.nan, 1.0)
    limits = OFF._replace(partitioning_quantile=0.2)
    assert kept(record(GPP_NT=gone), limits).all()
    rng = np.random.default_rng(3)
    got = kept(record(GPP_NT=gone * rng.normal(size=len(YEARS)), GPP_DT=gone), limits)
    assert got[:500].all()
    assert 0.3 < (~got[500:]).mean() < 0.5


def test_too_few_days_of_a_season_are_not_judged():
    tower = record(YEARS[:19], NEE=np.r_[np.zeros(18), 30.0])
    assert kept(tower, OFF._replace(outlier_iqr=1.5)).all()


def test_gap_filled_days_do_not_set_the_quantiles():
    nee = seasonal()
    nee[200] += 8.0
    filled = np.zeros(len(YEARS), bool)
    filled[1::2] = True
    wild = np.where(filled, 100 * seasonal(2), nee)
    tower = record(NEE=wild, NEE_QC=np.where(filled, 0.0, 1.0))
    got = kept(tower, OFF._replace(min_qc=0.5, outlier_iqr=1.5))
    assert not got[200]
    assert not got[filled].any()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 1000),
    qc=st.floats(0.0, 1.0),
    share=st.floats(0.0, 0.2),
    reach=st.floats(0.0, 4.0),
)
def test_every_day_is_counted_once_and_stricter_quality_keeps_fewer(seed, qc, share, reach):
    rng = np.random.default_rng(seed)
    nee = np.where(rng.random(len(YEARS)) < 0.2, np.nan, seasonal(seed))
    fields = {"NEE": nee, "NEE_QC": rng.random(len(YEARS))}
    tower = record(**fields, GPP_NT=rng.normal(size=len(YEARS)), GPP_DT=np.zeros(len(YEARS)))
    limits = Screening(qc, 9.0, share, reach, 31)
    got, count = screened(tower, limits)
    assert count["days"] == np.isfinite(nee).sum()
    assert count["kept"] == np.isfinite(got.NEE).sum()
    assert count["days"] - count["kept"] == sum(count[name] for name in RULES)
    stay = np.isfinite(got.NEE.values)
    np.testing.assert_array_equal(got.NEE.values[stay], nee[stay])
    assert (fields["NEE_QC"][stay] >= qc).all()
    assert (
        kept(tower, OFF._replace(min_qc=min(qc + 0.1, 1.0))).sum()
        <= kept(tower, OFF._replace(min_qc=qc)).sum()
    )


def test_a_real_site_against_pandas(realdata):
    from fluxprod.readers.fluxnet import read_fluxnet_daily

    path = realdata / "fluxnet" / "FLX_AU-Lox_FLUXNET2015_SUBSET_DD_2008-2009_1-4.csv"
    got, count = screened(read_fluxnet_daily(path), Screening(0.75, 40.0, 0.025, 1.5, 31))
    table = pd.read_csv(path, na_values=-9999)
    day = pd.to_datetime(table.TIMESTAMP.astype(str)).dt
    number = day.day_of_year + ((day.day_of_year > 59) & ~day.is_leap_year)
    keep = table.NEE_VUT_REF.notna() & (table.NEE_VUT_REF_QC >= 0.75)

    def fences(values, low, high):
        bounds = []
        for middle in number:
            away = (number - middle).abs()
            season = values[keep & (np.minimum(away, 366 - away) <= 15)]
            enough = len(season) >= 20
            bounds.append(
                (season.quantile(low), season.quantile(high)) if enough else (-np.inf, np.inf)
            )
        return pd.DataFrame(bounds, columns=["low", "high"])

    residual = table.GPP_NT_VUT_REF - table.GPP_DT_VUT_REF
    limit = fences(residual, 0.025, 0.975)
    keep &= (residual >= limit.low) & (residual <= limit.high)
    quartile = fences(table.NEE_VUT_REF, 0.25, 0.75)
    reach = 1.5 * (quartile.high - quartile.low)
    inside = (table.NEE_VUT_REF >= quartile.low - reach) & (
        table.NEE_VUT_REF <= quartile.high + reach
    )
    keep &= inside
    np.testing.assert_array_equal(np.isfinite(got.NEE.values), keep)
    assert count["kept"] == keep.sum()


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_is_off_removes_nothing(name):
    assert screened(record(NEE=seasonal()), OFF)[1][name] == 0
