import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import r2_score, root_mean_squared_error

from fluxprod.evaluation.sites.bootstrap import (
    bootstrap,
    bootstrap_difference,
    mef_of_all_records,
    over_sites,
    r2_of_site_means,
    rmse_of_all_records,
    share_of_sites_below_zero,
)
from fluxprod.evaluation.sites.quantiles import skill_over_sites
from fluxprod.evaluation.sites.scores import site_skill
from tests.evaluation.sites.made import Records, records


@pytest.fixture(scope="module")
def made() -> Records:
    return records(n_sites=6)


@pytest.fixture(scope="module")
def table(made) -> pd.DataFrame:
    models = {"EC": made.estimate, "worse": made.estimate + np.sin(np.arange(len(made.site)))}
    return site_skill(made.observed, models, made.site, made.time)


def test_quantiles_worked_on_paper():
    rows = {"model": "EC", "scale": "daily", "site": list("abcde"), "n": 30}
    scores = {"r2": [-0.2, 0.4, 0.0, 0.2, 0.6], "rmse": 1.0, "bias": [1.0, 0.0, 0.0, 0.0, -1.0]}
    observed = {"r": 0.5, "observed_mean": [-2.0, -1.0, 0.0, 1.0, 2.0], "observed_sd": 2.0}
    found = skill_over_sites(pd.DataFrame(rows | scores | observed))
    found = found.set_index(["scale", "score"])
    row = found.loc["daily", "r2"]
    assert row.n_sites == 5
    assert row[["q25", "median", "q75"]].tolist() == pytest.approx([0.0, 0.2, 0.4])
    assert row.p90 == pytest.approx(0.4 + 0.6 * 0.2)  # rank 0.9 x 4 = 3.6
    assert row.share_below_zero == 0.2
    assert found.value["mean", "r2"] == pytest.approx(1 - 2 / 10)
    assert found.value["pooled", "rmse"] == 1.0
    assert found.value["pooled", "r2"] == pytest.approx(1 - 1 / (4 + 2))  # within and between


def test_scores_of_all_sites_are_those_of_scikit_learn(made, table):
    found = skill_over_sites(table).set_index(["model", "scale", "score"]).value["EC"]
    means = pd.DataFrame({"o": made.observed, "e": made.estimate}).groupby(made.site).mean()
    assert found["pooled", "r2"] == pytest.approx(r2_score(made.observed, made.estimate))
    rmse = root_mean_squared_error(made.observed, made.estimate)
    assert found["pooled", "rmse"] == pytest.approx(rmse)
    assert found["mean", "r2"] == pytest.approx(r2_score(means.o, means.e))


@pytest.mark.parametrize(
    ("statistic", "scale", "score", "column"),
    [
        (over_sites("r2", "anomaly"), "anomaly", "r2", "median"),
        (share_of_sites_below_zero("monthly"), "monthly", "r2", "share_below_zero"),
        (mef_of_all_records, "pooled", "r2", "value"),
        (rmse_of_all_records, "pooled", "rmse", "value"),
        (r2_of_site_means, "mean", "r2", "value"),
    ],
)
def test_the_bootstrap_is_about_the_tables_value(table, statistic, scale, score, column):
    of_all = skill_over_sites(table).set_index(["model", "scale", "score"])
    found = bootstrap(table, "worse", statistic, np.random.default_rng(5), n_draws=200)
    assert found.value == pytest.approx(of_all[column]["worse", scale, score])
    assert found.q05 <= found.value <= found.q95
    assert found == bootstrap(table, "worse", statistic, np.random.default_rng(5), n_draws=200)


def test_a_draw_counts_a_site_as_often_as_it_was_drawn(made, table):
    """The pooled score of a draw is that of the records of its sites, repeated."""
    draw = np.array([[0, 0, 3, 5, 5, 5]])
    parts = [np.flatnonzero(made.site == f"AA-S{number}") for number in draw[0]]
    drawn = np.concatenate(parts)
    (mef,) = mef_of_all_records(table, "EC", draw)
    assert mef == pytest.approx(r2_score(made.observed[drawn], made.estimate[drawn]))
    (median,) = over_sites("rmse", "daily")(table, "EC", draw)
    rmse = [root_mean_squared_error(made.observed[of], made.estimate[of]) for of in parts]
    assert median == pytest.approx(np.median(rmse))


def test_models_are_compared_on_the_same_draws(table):
    rng = np.random.default_rng(2)
    same = bootstrap_difference(table, ("EC", "EC"), mef_of_all_records, rng)
    assert same == (0.0, 0.0, 0.0)
    better = bootstrap_difference(table, ("EC", "worse"), mef_of_all_records, rng)
    assert 0 < better.q05 <= better.value <= better.q95


def test_the_error_of_a_mean_is_that_of_theory():
    """The mean of 400 normal numbers has a standard error of 1/20; 5 to 95 % are 1.645 of them."""
    rng = np.random.default_rng(4)
    values = rng.normal(size=400)
    values = (values - values.mean()) / values.std()
    table = pd.DataFrame({"model": "EC", "site": range(400), "scale": "daily", "r2": values})
    mean = over_sites("r2", "daily", lambda x: float(x.mean()))
    found = bootstrap(table, "EC", mean, rng, n_draws=4000)
    assert found.q05 == pytest.approx(-1.645 / 20, rel=0.06)
    assert found.q95 == pytest.approx(1.645 / 20, rel=0.06)
