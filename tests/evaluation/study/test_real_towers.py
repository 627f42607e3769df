import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.evaluation.figures.real_towers import figure_real_towers
from fluxprod.evaluation.sites.no_skill import NO_SKILL
from fluxprod.evaluation.study.baselines import RegressionChoice
from fluxprod.evaluation.study.real_towers import (
    HEADLINES,
    choice_table,
    gathered_predictions,
    headline_table,
    prediction_table,
    skill_table,
)
from tests.evaluation.sites.made import records as made_records

INNER = np.array([[-1, 0, 1, -1], [0, -1, -1, 1]])
FOLD = np.array([0, 1, 2, 3])


def test_each_record_is_estimated_once():
    parts = [
        (np.array([1.0, 4.0]), RegressionChoice(5, 0.5)),
        (np.array([2.0, 3.0]), RegressionChoice(20, 0.25)),
    ]
    estimate, choices = gathered_predictions(iter(parts), INNER)
    assert list(estimate) == [1.0, 2.0, 3.0, 4.0]
    assert choices == [{"setting": 5, "error": 0.5}, {"setting": 20, "error": 0.25}]
    table = choice_table({"forest": choices}, np.array([0, 2]))
    assert list(table["value"]) == [5, 0.5, 20, 0.25]
    assert list(table["fold"]) == [0, 0, 2, 2]


@pytest.fixture(scope="module")
def records():
    made = made_records()
    return xr.Dataset(
        {
            "NEE": ("record", made.observed),
            "site_index": ("record", np.unique(made.site, return_inverse=True)[1]),
            "time": ("record", made.time.astype("datetime64[s]")),
            "daily": ("site", [True] * 4),
            "igbp": ("site", ["GRA", "ENF"] * 2),
            "lat": ("site", [50.0, 40.0, 30.0, 20.0]),
        },
        coords={"site": np.unique(made.site)},
    )


@pytest.fixture(scope="module")
def runs(records):
    """Half of NEE, and 0.9 and 0.8 of NEE as two seeds of a better model."""
    nee = records.NEE.values
    return {"half": {1: 0.5 * nee, 2: 0.5 * nee}, "better": {1: 0.9 * nee, 2: 0.8 * nee}}


@pytest.fixture(scope="module")
def headlines(records, runs):
    skill = skill_table(records, FOLD, runs)
    return headline_table(skill, runs, 1, 50).set_index(["score", "model"])


def test_predictions_name_their_records(records, runs):
    table = prediction_table(records, FOLD, runs)
    about = ["site", "igbp", "fold", "time", "observed"]
    assert list(table.columns) == [*about, "half 1", "half 2", "better 1", "better 2"]
    row = table.iloc[-1]
    assert list(row[["site", "igbp", "fold"]]) == ["AA-S3", "ENF", 3]
    assert row.time == str(records.time.values[-1])[:10]
    assert row["half 1"] == pytest.approx(row.observed / 2, abs=1e-4)


def test_range_over_seeds_by_hand(headlines):
    """An estimate a y errs by (1 - a) y, so R2 of anomalies is 1 - (1 - a)^2: their mean is 0."""
    r2 = headlines.loc["median R2, shape of the seasonal cycle"]
    assert r2.lowest["better"] == pytest.approx(0.96, abs=1e-4)
    assert r2.highest["better"] == pytest.approx(0.99, abs=1e-4)
    assert r2["mean"]["better"] == pytest.approx(0.975, abs=1e-4)
    assert r2.gain["better"] == pytest.approx(0.975 - 0.75, abs=1e-4)
    assert r2.gain_q05["better"] == pytest.approx(0.225, abs=1e-4)  # the same at every site
    assert r2.lowest["half"] == r2.highest["half"] == pytest.approx(0.75, abs=1e-4)
    assert r2.gain["half"] == 0.0


def test_all_scores_of_all_models(headlines):
    assert list(headlines.index.get_level_values("score").unique()) == list(HEADLINES)
    models = {"half", "better", *NO_SKILL}
    assert set(headlines.index.get_level_values("model")) == models
    assert headlines.loc["median R, anomalies"]["mean"]["half"] == pytest.approx(1.0)
    mef = headlines.loc["MEF of all records"]
    assert (mef.q05 <= mef["mean"] + 1e-4).all()
    assert (mef["mean"] <= mef.q95 + 1e-4).all()
    assert mef["mean"]["mean of other sites"] < 0 < mef["mean"]["half"]


def test_months_are_scored_where_there_are_no_days(records, runs):
    first = pd.DatetimeIndex(records.time.values).day == 3
    months = records.isel(record=first).assign(daily=("site", [False] * 4))
    estimates = {"half": {1: months.NEE.values / 2}}
    skill = skill_table(months, FOLD, estimates)
    of = skill[(skill.model == "half 1") & (skill.scale == "monthly")]
    assert (of.n >= 30).all()
    assert of.r2.notna().all()


def test_figure_shows_every_model(records, runs):
    figure = figure_real_towers(skill_table(records, FOLD, runs), runs)
    (axes,) = figure.axes
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["season of other sites", "half", "better"]
