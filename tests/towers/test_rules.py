"""Single rules, with planted days and quantiles worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxprod.towers.rules import RULES, gap_filled, impossible, inconsistent, outlying
from tests.towers.made_records import OFF, YEARS, record, seasonal


def everything(tower):
    return np.isfinite(tower.NEE.values)


def removed(rule, tower, **limits):
    return rule(tower, everything(tower), OFF.changed(**limits)).removed


def test_a_day_needs_good_half_hours():
    tower = record(YEARS[:4], NEE=[1, 2, 3, np.nan], NEE_QC=[0.8, 0.79, np.nan, 0.0])
    assert removed(gap_filled, tower, min_qc=0.8).tolist() == [False, True, True, False]


def test_an_impossible_flux_goes():
    tower = record(YEARS[:4], NEE=[40.0, -40.1, 300.0, np.nan])
    assert removed(impossible, tower, max_abs_nee=40.0).tolist() == [False, True, True, False]


def test_what_no_file_holds_is_counted_even_where_the_rule_is_off():
    tower = record(YEARS[:3], NEE=[60.0, 60.1, -150.0])
    assert removed(impossible, tower).tolist() == [False, True, True]
    assert removed(impossible, tower, max_abs_nee=100.0).tolist() == [False, True, True]


def test_fences_by_hand():
    # the quartiles of 0..20 and a large value are 5.25 and 15.75: the upper fence is 31.5
    tower = record(YEARS[:22], NEE=np.r_[np.arange(21.0), 100.0])
    assert removed(outlying, tower, outlier_iqr=1.5, window=61).tolist() == [False] * 21 + [True]
    tower.NEE.values[-1] = 31.5
    assert not removed(outlying, tower, outlier_iqr=1.5, window=61).any()
    tower.NEE.values[-1] = 31.6
    assert removed(outlying, tower, outlier_iqr=1.5, window=61)[-1]


def test_planted_outliers_go_and_the_summer_stays():
    nee = seasonal()
    july, january = 195, 370
    nee[july], nee[january] = 5.0, -9.0  # both are usual fluxes of the other season
    got = removed(outlying, record(NEE=nee), outlier_iqr=1.5)
    assert got[july]
    assert got[january]
    assert got.mean() < 0.02
    # annual fences would remove the peak of the uptake
    quartiles = np.quantile(nee, [0.25, 0.75])
    naive = nee < quartiles[0] - 1.5 * np.diff(quartiles)
    assert naive.sum() > 40
    assert got[naive].mean() < 0.05


def test_days_whose_partitionings_disagree_go():
    # residuals 1..40 in one season: the quantiles 0.025 and 0.975 are 1.975 and 39.025
    gpp = np.full(40, 50.0)
    tower = record(YEARS[:40], GPP_NT=gpp, GPP_DT=gpp - np.arange(1.0, 41.0))
    got = removed(inconsistent, tower, partitioning_quantile=0.025, window=99)
    assert np.flatnonzero(got).tolist() == [0, 39]


def test_days_without_both_methods_are_not_judged():
    limits = OFF.changed(partitioning_quantile=0.2)
    gone = np.where(np.arange(len(YEARS)) < 500, np.nan, 1.0)
    tower = record(GPP_NT=gone)
    verdict = inconsistent(tower, everything(tower), limits)
    assert (verdict.removed.sum(), verdict.unjudged.sum()) == (0, len(YEARS))
    rng = np.random.default_rng(3)
    tower = record(GPP_NT=gone * rng.normal(size=len(YEARS)), GPP_DT=gone)
    verdict = inconsistent(tower, everything(tower), limits)
    assert verdict.unjudged.tolist() == [True] * 500 + [False] * (len(YEARS) - 500)
    assert 0.3 < verdict.removed[500:].mean() < 0.5


def test_too_few_days_of_a_season_are_not_judged():
    tower = record(YEARS[:19], NEE=np.r_[np.zeros(18), 30.0])
    verdict = outlying(tower, everything(tower), OFF.changed(outlier_iqr=1.5))
    assert (verdict.removed.sum(), verdict.unjudged.sum()) == (0, 19)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_that_is_off_removes_nothing(rule):
    tower = record(NEE=5 * seasonal(), NEE_QC=np.full(len(YEARS), np.nan))
    tower = tower.assign(GPP_NT=tower.NEE, GPP_DT=-tower.NEE)
    verdict = rule(tower, everything(tower), OFF)
    assert (verdict.removed.sum(), verdict.unjudged.sum()) == (0, 0)


def made(seed):
    rng = np.random.default_rng(seed)
    nee = np.where(rng.random(len(YEARS)) < 0.2, np.nan, seasonal(seed))
    nee[rng.integers(0, len(YEARS), 9)] *= 8
    gpp = rng.normal(size=(2, len(YEARS)))
    return record(NEE=nee, NEE_QC=rng.random(len(YEARS)), GPP_NT=gpp[0], GPP_DT=gpp[1])


# loosest limit first, as far as the draws go
RANGES = {
    gap_filled: ("min_qc", 0.0, 1.0, 1),
    impossible: ("max_abs_nee", 0.1, 90.0, -1),
    inconsistent: ("partitioning_quantile", 0.0, 0.49, 1),
    outlying: ("outlier_iqr", 0.1, 9.0, -1),
}


@pytest.mark.parametrize("rule", RANGES, ids=RULES)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 1000), draws=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)))
def test_a_stricter_limit_removes_the_same_days_and_more(rule, seed, draws):
    name, low, high, sense = RANGES[rule]
    loose, strict = sorted((low + draw * (high - low) for draw in draws), key=lambda x: sense * x)
    tower = made(seed)
    fewer, more = (removed(rule, tower, **{name: limit}) for limit in (loose, strict))
    assert (more | ~fewer).all()
    assert not more[~everything(tower)].any()


@pytest.mark.parametrize("rule", [gap_filled, impossible])
def test_fixed_limits_find_nothing_twice(rule):
    tower, limits = made(5), OFF.changed(min_qc=0.5, max_abs_nee=5.0)
    first = rule(tower, everything(tower), limits).removed
    assert first.any()
    assert not rule(tower, everything(tower) & ~first, limits).removed.any()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_days_that_do_not_count_do_not_matter(rule):
    tower = made(6)
    limits = OFF.changed(min_qc=0.5, max_abs_nee=5.0, partitioning_quantile=0.1, outlier_iqr=1.0)
    count = everything(tower) & (np.arange(len(YEARS)) % 3 > 0)
    alone = tower.isel(time=count)
    np.testing.assert_array_equal(
        rule(tower, count, limits).removed[count],
        rule(alone, np.ones(count.sum(), bool), limits).removed,
    )
