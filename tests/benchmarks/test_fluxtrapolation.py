"""EC on a small data set in the layout of FLUXtrapolation."""

import numpy as np
import pandas as pd
import pytest

from fluxprod.benchmarks.fluxtrapolation import HourlyBenchmark, run_hourly, write_hourly
from fluxprod.benchmarks.settings import BenchmarkSettings
from fluxprod.core.errors import DataError
from fluxprod.readers.benchmarks.fluxtrapolation import read_hours
from fluxprod.readers.benchmarks.leaderboard import COLUMNS, read_leaderboard
from tests.benchmarks import small_fluxtrapolation as small
from tests.benchmarks.test_carbonfluxbench import COMPUTE, TRAIN

PARAMS = BenchmarkSettings(n_members=2, min_qc=0.0, max_hours=3000)


@pytest.fixture(scope="module")
def tables():
    return small.make()


@pytest.fixture(scope="module")
def folder(tables, tmp_path_factory):
    return small.write(tmp_path_factory.mktemp("fluxtrapolation") / "data", tables)


@pytest.fixture(scope="module")
def data(folder):
    return HourlyBenchmark(folder, *read_hours(folder))


def test_columns(data, tables):
    assert data.covariates == small.COVARIATES
    assert len(data.hours) == len(small.SITES) * len(tables["AU-Dry"])
    own = data.hours[data.hours.site_id == "DE-Tha"]
    np.testing.assert_allclose(own.TA, tables["DE-Tha"].TA, rtol=1e-6)
    assert set(own.IGBP_ENF) == {1.0}


@pytest.mark.parametrize(
    ("setting", "test", "validation"),
    [
        ("spatial-easy40", {"AU-Dry", "DE-Hai"}, {"DE-Tha"}),
        ("TA40", {"AU-Dry"}, {"US-GLE"}),
    ],
)
def test_sites_of_the_test_train_nothing(data, setting, test, validation):
    rows = data.parts(setting)
    found = {name: set(data.hours.site_id.iloc[part]) for name, part in rows.items()}
    assert (found["test"], found["validation"]) == (test, validation)
    assert found["training"] == set(small.SITES) - test - validation
    assert len(rows["test"]) == len(test) * 4 * 480  # every hour of four years
    assert data.hours.qc_mask.iloc[rows["training"]].all()
    assert len(rows["training"]) == len(found["training"]) * 4 * 480 * 4 // 5


def test_years_of_the_test_train_nothing(data):
    rows = data.parts("time-split")
    years = {name: set(data.hours.year.iloc[part]) for name, part in rows.items()}
    assert years == {"training": {2017}, "validation": {2018}, "test": {2019, 2020}}
    assert "XX-Ccc" not in set(data.hours.site_id.iloc[np.concatenate(list(rows.values()))])


@pytest.mark.parametrize("setting", ["spatial-easy40", "time-split"])
def test_ec_learns_the_relation(data, tables, setting, tmp_path):
    scores, estimates = run_hourly(data, setting, TRAIN, PARAMS, COMPUTE)
    rows = data.parts(setting)["test"]
    # filled hours are scored, too, and their flux is wrong; so look at the measured ones
    measured = data.hours.qc_mask.to_numpy()[rows]
    error = (estimates.y_pred - estimates.y_true)[measured]
    assert np.sqrt((error**2).mean()) < 0.5
    assert abs((estimates.y_true[~measured] - 60.0).max()) == 0.0
    envs = scores[scores.scale == "hourly"].env
    known = {"spatial-easy40": {"AU-Dry", "DE-Hai"}, "time-split": {"('AU-Dry', 2019)"}}
    assert known[setting] <= set(envs)
    path = write_hourly(scores, estimates, tmp_path)
    assert path.name == f"{setting}_NEE_ec_val_mean.csv"
    written = read_leaderboard(path.parent)
    assert list(pd.read_csv(path)) == list(COLUMNS)
    assert len(written) == len(scores)
    predictions = pd.read_csv(tmp_path / f"models/{setting}_NEE_ec_val_mean_predictions.csv")
    assert list(predictions) == ["y_true", "y_pred", "env", "site_id", "time"]
    assert predictions.time.str.len().unique().tolist() == [19]
    again = run_hourly(data, setting, TRAIN, PARAMS, COMPUTE)[1]
    pd.testing.assert_frame_equal(estimates, again)


WRONG = {
    "no column": (lambda t: t.drop(columns="qc_mask"), "qc_mask: found no such column"),
    "a gap": (lambda t: t.assign(VPD=t.VPD.where(t.index > 3)), "VPD: found gaps"),
    "another covariate": (lambda t: t.assign(LAI=1.0), "LAI: found a column that the first site"),
    "another unit": (lambda t: t.assign(NEE=t.NEE * 1e3), "NEE: found"),
    "texts": (lambda t: t.assign(TA="warm"), "file: found unreadable content"),
    "no time": (lambda t: t.assign(time="noon"), "file: found unreadable content"),
    "twice": (lambda t: pd.concat([t, t]), "time: found 2017-06-01 00:00:00 twice"),
    "no hour": (lambda t: t[:0], "rows: found no hour"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_site_is_one_line(tmp_path, tables, case):
    change, message = WRONG[case]
    folder = small.write(tmp_path / "data", tables | {"DE-Hai": change(tables["DE-Hai"])})
    with pytest.raises(DataError, match="DE-Hai.csv: ") as caught:
        read_hours(folder)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_files(tmp_path, tables):
    with pytest.raises(DataError, match=r"sites: files: found no \*.csv"):
        read_hours(tmp_path)
    folder = small.write(tmp_path / "data", {"AU-Dry": tables["AU-Dry"]})
    data = HourlyBenchmark(folder, *read_hours(folder))
    with pytest.raises(DataError, match="TA40: found no hour for training"):
        data.parts("TA40")
    (folder / "sites_with_2018.csv").unlink()
    with pytest.raises(DataError, match="sites_with_2018.csv: file: found no such file"):
        data.parts("time-split")
