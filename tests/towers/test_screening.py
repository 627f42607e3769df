"""Successive rules, and the rules at a real site against plain pandas."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.towers.rules import RULES
from fluxprod.towers.screening import screened
from fluxprod.towers.settings import ScreeningSettings
from tests.towers.made_records import OFF, YEARS, record, seasonal


def kept(tower, limits):
    return np.isfinite(screened(tower, limits)[0].NEE.values)


def test_counts_and_what_stays():
    tower = record(
        YEARS[:5], NEE=[1, 2, 300, np.nan, 400], NEE_QC=[1.0, 0.74, 1.0, 1.0, 0.1], TA=[5] * 5
    )
    got, count = screened(tower, OFF.changed(min_qc=0.75, max_abs_nee=40.0, outlier_iqr=1.5))
    assert np.isfinite(got.NEE.values).tolist() == [True, False, False, False, False]
    assert got.TA.values.tolist() == [5.0] * 5
    assert count == {
        "days": 5, "with_nee": 4, "quality": 2, "quality_alone": 2,
        "impossible": 1, "impossible_alone": 2,
        "partitioning": 0, "partitioning_alone": 0, "partitioning_unjudged": 0,
        "outlier": 0, "outlier_alone": 0, "outlier_unjudged": 1, "kept": 1,
    }  # fmt: skip


def test_gap_filled_days_do_not_set_the_quantiles():
    nee = seasonal()
    nee[200] += 8.0
    filled = np.zeros(len(YEARS), bool)
    filled[1::2] = True
    wild = np.where(filled, 100 * seasonal(2), nee)
    tower = record(NEE=wild, NEE_QC=np.where(filled, 0.0, 1.0))
    got = kept(tower, OFF.changed(min_qc=0.5, outlier_iqr=1.5))
    assert not got[200]
    assert not got[filled].any()


def test_a_record_without_a_day():
    got, count = screened(
        record(YEARS[:0]),
        ScreeningSettings(
            min_qc=0.8, max_abs_nee=40.0, partitioning_quantile=0.025, outlier_iqr=1.5, window=31
        ),
    )
    assert got.sizes["time"] == 0
    assert set(count.values()) == {0}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 1000),
    qc=st.floats(0.01, 1.0),
    share=st.floats(0.0, 0.2),
    reach=st.floats(0.0, 4.0),
)
def test_every_day_is_counted_once_and_none_is_changed(seed, qc, share, reach):
    rng = np.random.default_rng(seed)
    nee = np.where(rng.random(len(YEARS)) < 0.2, np.nan, seasonal(seed))
    quality = rng.random(len(YEARS))
    tower = record(NEE=nee, NEE_QC=quality, GPP_NT=rng.normal(size=len(nee)), GPP_DT=0.0 * nee)
    got, count = screened(
        tower,
        ScreeningSettings(
            min_qc=qc, max_abs_nee=9.0, partitioning_quantile=share, outlier_iqr=reach, window=31
        ),
    )
    stay = np.isfinite(got.NEE.values)
    assert count["with_nee"] == np.isfinite(nee).sum()
    assert count["kept"] == stay.sum()
    assert count["with_nee"] - count["kept"] == sum(count[name] for name in RULES)
    assert all(count[name] <= count["with_nee"] for name in count if name.endswith("_alone"))
    np.testing.assert_array_equal(got.NEE.values[stay], nee[stay])
    assert (quality[stay] >= qc).all()


def test_a_real_site_against_pandas(realdata):
    path = realdata / "fluxnet" / "FLX_AU-Lox_FLUXNET2015_SUBSET_DD_2008-2009_1-4.csv"
    got, count = screened(
        read_fluxnet_daily(path),
        ScreeningSettings(
            min_qc=0.8, max_abs_nee=40.0, partitioning_quantile=0.025, outlier_iqr=1.5, window=31
        ),
    )
    table = pd.read_csv(path, na_values=-9999)
    nee, residual = table.NEE_VUT_REF, table.GPP_NT_VUT_REF - table.GPP_DT_VUT_REF
    day = pd.to_datetime(table.TIMESTAMP.astype(str)).dt
    number = day.day_of_year + ((day.day_of_year > 59) & ~day.is_leap_year)

    def removed(values, days, low, high, iqr=0.0):
        """Days outside seasonal quantiles that are widened by interquartile ranges."""
        out = pd.Series(False, table.index)
        for i in table.index[days]:
            away = (number - number[i]).abs()
            season = values[days & (np.minimum(away, 366 - away) <= 15)]
            if len(season) >= 20:
                bottom, top = season.quantile(low), season.quantile(high)
                reach = iqr * (top - bottom)
                out[i] = not bottom - reach <= values[i] <= top + reach
        return out

    everything = nee.notna()
    good = everything & (table.NEE_VUT_REF_QC >= 0.8) & (nee.abs() <= 40)
    disagree = removed(residual, good, 0.025, 0.975)
    outlier = removed(nee, good & ~disagree, 0.25, 0.75, 1.5)
    assert count["quality"] == (everything & ~good).sum() == 456
    assert count["partitioning"] == disagree.sum() > 0
    assert count["partitioning_alone"] == removed(residual, everything, 0.025, 0.975).sum()
    assert count["outlier"] == outlier.sum() > 0
    assert count["outlier_alone"] == removed(nee, everything, 0.25, 0.75, 1.5).sum()
    np.testing.assert_array_equal(np.isfinite(got.NEE), good & ~disagree & ~outlier)


def test_summer_uptake_stays_at_a_real_cropland(realdata):
    """Annual fences would remove all of the strongest uptake at DE-Kli."""
    path = realdata / "fluxnet" / "FLX_DE-Kli_FLUXNET2015_SUBSET_DD_2004-2014_1-4.csv.gz"
    table = pd.read_csv(path, na_values=-9999)
    good = table[table.NEE_VUT_REF_QC >= 0.8].NEE_VUT_REF
    lower, upper = good.quantile([0.25, 0.75])
    peak = good.index[good <= good.quantile(0.1)]
    assert (good[peak] < lower - 1.5 * (upper - lower)).all()
    got = kept(read_fluxnet_daily(path), OFF.changed(min_qc=0.8, outlier_iqr=1.5))
    assert got[peak].mean() > 0.95
