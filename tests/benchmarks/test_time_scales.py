"""Scores of FLUXtrapolation at all time scales, against slow rules, hand calculation and others."""

import numpy as np
import pandas as pd
import pytest

from fluxprod.benchmarks.scale_scores import NAMES, scores_of_scales
from fluxprod.benchmarks.time_scales import at_scale


def hours_of(start, end, keep=lambda time: np.full(len(time), True), env="A"):
    """Hours of a site, with noise; ``keep`` says which exist."""
    time = pd.date_range(start, end, freq="h")
    time = time[keep(time)]
    rng = np.random.default_rng(len(time))
    season = np.sin(2 * np.pi * time.day_of_year / 365)
    true = season + rng.normal(size=len(time)) + 0.1 * (time.year - 2000)
    pred = season + rng.normal(0.3, 1.0, len(time))
    table = {"env": env, "site_id": env, "time": time, "y_true": true, "y_pred": pred}
    return pd.DataFrame(table)


def gappy():
    """Four years with a long gap, days of few hours, and hours without a flux."""
    rng = np.random.default_rng(0)

    def keep(time):
        gap = (time.year == 2002) & (time.day_of_year < 263)  # to 19 September
        short_day = (time.day == 7) & (time.hour > 9)
        return ~gap & ~short_day

    hours = hours_of("2000-01-01", "2003-12-31 23:00", keep)
    missing = (rng.random(len(hours)) < 0.2) | (hours.time.dt.strftime("%j") == "200")
    return hours.assign(y_true=hours.y_true.where(~missing))


def slow_days(hours):
    """(day, flux or None, estimate) by plain Python."""
    rows = {}
    for row in hours.itertuples():
        rows.setdefault(row.time.date(), []).append((row.y_true, row.y_pred))
    for day, pairs in sorted(rows.items()):
        true = [t for t, _ in pairs if t == t]
        flux = sum(true) / len(true) if true and len(pairs) >= 12 else None
        yield day, flux, sum(p for _, p in pairs) / len(pairs)


def slow_means(days, key, fewest):
    groups = {}
    for day, flux, estimate in days:
        groups.setdefault(key(day), []).append((flux, estimate))
    for name, pairs in groups.items():
        true = [flux for flux, _ in pairs if flux is not None]
        flux = sum(true) / len(true) if len(true) >= fewest else None
        yield name, flux, sum(estimate for _, estimate in pairs) / len(pairs)


def slow_scale(hours, scale):
    days = list(slow_days(hours))
    if scale == "daily":
        return days
    if scale == "weekly":  # from Monday to Sunday
        return list(slow_means(days, lambda day: day.isocalendar()[:2], 4))
    if scale == "monthly":
        return list(slow_means(days, lambda day: (day.year, day.month), 15))
    measured = [day for day in days if day[1] is not None]
    cycle = list(slow_means(measured, lambda day: day.timetuple().tm_yday, 2))
    if scale == "seasonal":
        return cycle
    if scale == "anom":
        means = {doy: (flux, estimate) for doy, flux, estimate in cycle}
        found = []
        for day, flux, estimate in days:
            mean, mean_estimate = means.get(day.timetuple().tm_yday, (None, None))
            if flux is not None and mean is not None:
                found.append((day, flux - mean, estimate - mean_estimate))
        return found
    years = list(slow_means(measured, lambda day: day.year, 1 if scale == "spatial" else 183))
    true = [flux for _, flux, _ in years if flux is not None]
    mean, mean_estimate = sum(true) / len(true), sum(each for *_, each in years) / len(years)
    if scale == "spatial":
        return [("A", mean, mean_estimate)]
    return [
        (year, None if flux is None else flux - mean, estimate - mean_estimate)
        for year, flux, estimate in years
    ]


@pytest.mark.parametrize(
    "scale", ["daily", "weekly", "monthly", "seasonal", "anom", "iav", "spatial"]
)
def test_a_scale_against_slow_rules(scale):
    hours = gappy()
    found = at_scale(hours, scale)
    slow = pd.DataFrame(slow_scale(hours, scale), columns=["when", "y_true", "y_pred"])
    slow = slow.astype({"y_true": float})
    if scale == "anom":  # the slow rules give the scored days alone
        found = found[found.y_true.notna()]
    elif scale not in ("spatial", "iav"):
        assert slow.y_true.isna().any()
    assert len(found) == len(slow)
    if scale == "seasonal":
        slow = slow.sort_values("when")
    np.testing.assert_allclose(found[["y_true", "y_pred"]], slow[["y_true", "y_pred"]], atol=1e-12)


def test_smallest_numbers():
    """The year 2002 has fewer than 183 days, and counts for the mean of the site alone."""
    hours = gappy()
    iav, site = at_scale(hours, "iav"), at_scale(hours, "spatial")
    assert iav.y_true.isna().tolist() == [False, False, True, False]
    assert iav.y_true.sum() == pytest.approx(0.0, abs=1e-12)
    assert len(site) == 1


def test_a_constant_error():
    """It is a bias at every scale but in anomalies and between years."""
    hours = hours_of("2000-01-01", "2001-12-31 23:00")
    scores = scores_of_scales(hours.assign(y_pred=hours.y_true + 2.0)).set_index("scale")
    for scale, row in scores.iterrows():
        bias = 0.0 if scale in ("anom", "iav") else -2.0
        assert (row.bias, row.rmse) == (pytest.approx(bias, abs=1e-12), pytest.approx(-bias))
    assert scores.r2_score["monthly"] == pytest.approx(1.0)
    assert scores.n_samples.to_dict() == {
        "hourly": 731 * 24, "daily": 731, "weekly": 106, "monthly": 24, "seasonal": 366,
        "anom": 731, "iav": 2, "spatial": 1,
    }  # fmt: skip
    assert np.isnan(scores.nse["spatial"])
    assert np.isnan(scores.r2_score["spatial"])


def test_sites_and_years():
    hours = hours_of("2019-01-01", "2020-12-31 23:00")
    hours = hours.assign(env=[f"('A', {year})" for year in hours.time.dt.year])
    scores = scores_of_scales(hours)
    for scale, own in scores.groupby("scale"):
        whole = scale in ("seasonal", "anom", "iav")
        assert own.env.tolist() == (["A"] if whole else ["('A', 2019)", "('A', 2020)"])


def test_the_published_scores_of_a_constant():
    """('AU-ASM', 2019) and ('AU-Boy', 2019), hourly, of the model that predicts one number.

    From time-split_NEE_constant_val_mean.csv of anyafries/FLUXtrapolation-leaderboard (commit
    eb34c003). Bias and relative bias give the mean of the flux, and the mean squared error its
    variance; a flux with these two moments has their scores, and both give the same constant.
    """
    rows = [  # to seven digits: mse, rmse, nse, bias, relative bias
        (3.927934, 1.981902, -9.438585, 1.884581, -26.08218),
        (11.27087, 3.357211, -0.2304191, 1.452818, -2.882474),
    ]
    constants = []
    for mse, rmse, nse, bias, relative_bias in rows:
        mean, sd = bias / relative_bias, np.sqrt(mse - bias**2)
        hours = hours_of("2019-01-01", "2019-12-31 23:00")
        hours["y_true"] = mean + sd * np.resize([1.0, -1.0], len(hours))
        hours["y_pred"] = mean - bias
        row = scores_of_scales(hours).iloc[0]
        assert row.scale == "hourly"
        found = [row.mse, row.rmse, row.nse, row.bias, row.relative_bias]
        assert found == pytest.approx([mse, rmse, nse, bias, relative_bias], rel=2e-5)
        assert row.r2_score < 1e-20  # rounding, as in the published rows: 3e-35 and 2e-33
        constants.append(mean - bias)
    assert constants[0] == pytest.approx(constants[1], rel=1e-5)


def test_without_a_flux():
    hours = hours_of("2000-01-01", "2001-12-31 23:00").assign(y_true=np.nan)
    scores = scores_of_scales(hours)
    assert scores[list(NAMES)].isna().all(axis=None)
