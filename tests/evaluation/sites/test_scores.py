import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import r2_score, root_mean_squared_error

from fluxprod.evaluation.sites.quantiles import skill_over_sites
from fluxprod.evaluation.sites.scales import SCALES, RecordLimits, at_scales
from fluxprod.evaluation.sites.scores import site_skill
from tests.evaluation.sites.made import records
from tests.evaluation.sites.test_scales import ALL_COUNT, DAYS, ESTIMATE, OBSERVED

SHORT = RecordLimits(
    **{**vars(ALL_COUNT), "days": 8, "months": 4, "calendar_months": 2, "years": 2}
)


@pytest.fixture(scope="module")
def made():
    return records()


def skill(made, estimate: np.ndarray) -> pd.DataFrame:
    table = site_skill(made.observed, {"EC": estimate}, made.site, made.time)
    return table.set_index(["scale", "site"])


def test_two_sites_worked_on_paper():
    """Site A is the one of `test_scales`; the estimate at site B is its observed mean of -1.5."""
    observed = np.concatenate([OBSERVED, OBSERVED])
    estimate = np.concatenate([ESTIMATE, np.full(8, -1.5)])
    site = np.repeat(["A", "B"], 8)
    table = site_skill(observed, {"EC": estimate}, site, np.concatenate([DAYS, DAYS]), SHORT)
    found = table.set_index(["site", "scale"])
    assert found.n["A"].tolist() == [8, 4, 2, 2, 8, 2]
    # squared errors 1, 1, 1, 1, 1, 1, 9, 9; sum of squares 208 - 8 x 2.25 = 190
    assert found.r2["A", "daily"] == pytest.approx(1 - 24 / 190)
    assert found.rmse["A", "daily"] == pytest.approx(np.sqrt(3))
    assert found.bias["A", "daily"] == pytest.approx(0.5)  # means -1 and -1.5
    # errors 0, 0, -1, 3; the squares 4, 16, 16, 64 about a mean of -1.5
    assert found.r2["A", "monthly"] == pytest.approx(1 - 10 / (100 - 4 * 2.25))
    # errors -0.5, 1.5 about a half range of 4.5
    assert found.r2["A", "season"] == pytest.approx(1 - 2.5 / (2 * 4.5**2))
    assert found.r2["A", "season_shape"] == pytest.approx(1 - 2 / (2 * 4.5**2))
    # errors 1.5, -.5, -.5, -2.5, -.5, -.5, 1.5, 1.5; squares 4, 0, 1, 9, 0, 4, 9, 1
    assert found.r2["A", "anomaly"] == pytest.approx(1 - 14 / 28)
    assert found.r2["A", "annual"] == pytest.approx(0.0)
    assert found.r2["B", "daily"] == pytest.approx(0.0)
    assert found.rmse["B", "daily"] == pytest.approx(np.sqrt(190 / 8))


def test_a_perfect_estimate_has_an_r2_of_1(made):
    found = skill(made, made.observed)
    assert (found.r2 == 1).all()
    assert (found.rmse == 0).all()
    np.testing.assert_allclose(found.r, 1.0)


def test_the_mean_of_the_site_has_an_r2_of_0(made):
    means = pd.Series(made.observed).groupby(made.site).transform("mean").to_numpy()
    found = skill(made, means)
    for scale in ("daily", "season_shape", "anomaly", "annual"):
        np.testing.assert_allclose(found.r2[scale], 0.0, atol=1e-3)
    np.testing.assert_allclose(found.bias["daily"], 0.0, atol=1e-12)


def test_a_shift_changes_only_the_level(made):
    found, shifted = skill(made, made.estimate), skill(made, made.estimate + 2.0)
    for scale in ("season_shape", "anomaly", "annual"):
        pd.testing.assert_frame_equal(shifted.loc[scale], found.loc[scale], atol=1e-9)
    for scale in ("daily", "monthly", "season"):
        np.testing.assert_allclose(shifted.bias[scale], found.bias[scale] + 2.0)
        np.testing.assert_allclose(shifted.r[scale], found.r[scale])


def test_the_order_of_the_records_changes_nothing(made):
    mixed = np.random.default_rng(1).permutation(len(made.site))
    first = skill(made, made.estimate)
    again = skill(type(made)(*(column[mixed] for column in made)), made.estimate[mixed])
    pd.testing.assert_frame_equal(first, again, rtol=1e-9)


def test_scores_are_those_of_scikit_learn(made):
    found = skill(made, made.estimate)
    for name in np.unique(made.site):
        of = made.site == name
        series = at_scales(made.time[of], made.observed[of], made.estimate[of])
        for scale in SCALES:
            row = found.loc[scale, name]
            assert row.r2 == pytest.approx(r2_score(*series[scale]))
            assert row.rmse == pytest.approx(root_mean_squared_error(*series[scale]))
            assert row.r == pytest.approx(np.corrcoef(series[scale])[0, 1])


def test_a_short_record_has_a_row_without_scores(made):
    few = np.flatnonzero(made.site == "AA-S1")[:29]
    found = skill(type(made)(*(column[few] for column in made)), made.estimate[few])
    assert found.n["daily"].tolist() == [29]
    assert found.r2.isna().all()
    of_all = skill_over_sites(found.reset_index())
    assert (of_all.n_sites == 0).all()
    assert of_all[["median", "share_below_zero", "value"]].isna().all(axis=None)
