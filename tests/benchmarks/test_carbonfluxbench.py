"""EC on a small data set in the layout of CarbonFluxBench."""

import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from fluxprod.benchmarks.carbonfluxbench import read_daily_benchmark, run_daily, write_daily
from fluxprod.benchmarks.daily_records import inputs, later_days, usable_days
from fluxprod.benchmarks.settings import BenchmarkSettings
from fluxprod.benchmarks.site_scores import scores_of_sites
from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.networks.settings import TrainingSettings
from fluxprod.readers.benchmarks import carbonfluxbench as reader
from fluxprod.readers.benchmarks.parquet import read_parquet
from fluxprod.readers.towers.table_text import require_columns
from tests.benchmarks import small_carbonfluxbench as small

TRAIN = TrainingSettings(
    width=16, depth=2, learning_rate=0.01, batch=512, steps=300, validate_every=25, seed=1
)
PARAMS = BenchmarkSettings(n_members=2, min_qc=0.75, max_hours=1)
COMPUTE = ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1)


@pytest.fixture(scope="module")
def content():
    return small.make()


@pytest.fixture
def stored(monkeypatch, tmp_path):
    """Function that stores content where a reader finds it, without the optional pyarrow."""

    def store(content):
        def from_memory(path, columns):
            require_columns(path, content[path.name], columns)
            return content[path.name][list(columns)].copy()

        monkeypatch.setattr(reader, "read_parquet", from_memory)
        return small.write(tmp_path, content, parquet=False)

    return store


def test_ec_learns_the_relation_at_sites_that_it_never_saw(stored, content, tmp_path):
    data = read_daily_benchmark(stored(content), "minimal")
    scores, estimates = run_daily(data, "IGBP", TRAIN, PARAMS, COMPUTE)
    assert len(scores) == 5 + 2 + 1  # of 23 sites of common biomes, 4 wetlands and 3 shrublands
    assert scores.R2.median() > 0.95  # of days of low quality, whose flux is wrong, none is left
    assert scores.RMSE.median() < 0.4
    written = pd.read_csv(write_daily(scores, estimates, tmp_path / "out"))
    assert list(written) == [
        *("site", "IGBP", "Koppen", "R2", "RMSE", "nMAE", "RAE"),
        *("target", "model", "split_type", "n_seeds"),
    ]
    assert set(written.n_seeds) == {2}
    days = pd.read_csv(tmp_path / "out/predictions/EC_IGBP_minimal.csv")
    first = days[days.site == written.site[0]]
    assert written.R2[0] == pytest.approx(r2_score(first.y_true, first.y_pred), abs=1e-5)
    again = run_daily(data, "IGBP", TRAIN, PARAMS, COMPUTE)[1]
    pd.testing.assert_frame_equal(estimates, again)


@pytest.mark.parametrize("split", ["IGBP", "Koppen"])
def test_parts(stored, content, split):
    data = read_daily_benchmark(stored(content), "standard")
    training, validation, test = data.parts(split, 0.75)
    assert set(training.site) == set(validation.site)
    assert not set(training.site) & set(test.site)
    assert set(training.site) | set(test.site) == set(small.SITES)
    assert set(test.NEE_VUT_USTAR50_QC) == {1.0}
    assert training.NEE_VUT_USTAR50_QC.min() == 0.8
    last, first = training.groupby("site").date.max(), validation.groupby("site").date.min()
    assert (last < first).all()
    assert first.min() == small.DAYS[120]  # after four fifths of 150 days
    assert training[["rain", "sur_refl_b01", "clouds"]].notna().all(axis=None)


def test_the_features_of_a_day_are_those_of_the_day(stored, content):
    data = read_daily_benchmark(stored(content), "minimal")
    era5 = content["ERA5.parquet"]
    for row in data.days.iloc[[0, 777, -1]].itertuples():
        same = (era5.site.str[-6:] == row.site) & (era5.date == row.date)
        assert row.temperature_2m == era5.temperature_2m[same].item()


def test_gaps_of_the_satellite_are_filled_in_time():
    days = pd.DataFrame(
        {
            "site": "A",
            "date": pd.to_datetime(["2001-01-05", "2001-01-01", "2001-01-02", "2001-01-09"]),
            "band": [3.0, np.nan, 1.0, np.nan],
            "air": [1.0, 1.0, np.nan, 1.0],
            "qc": [1.0, 1.0, 1.0, 0.9],
        }
    )
    usable = usable_days(days, ["band"], "qc", 0.5)
    # the nearest value at both ends; the second of January lacks its air
    assert usable.band.to_list() == [1.0, 3.0, 3.0]
    assert usable.date.dt.day.to_list() == [1, 5, 9]
    assert len(usable_days(days, ["band"], "qc", 1.0)) == 2
    between = usable_days(days.assign(band=[9.0, 1.0, np.nan, np.nan], air=1.0), ["band"], "qc", 0)
    assert between.band.to_list() == [1.0, 3.0, 9.0, 9.0]  # a quarter of the way from 1 to 9


def test_the_last_fifth_of_the_days_of_each_site():
    table = pd.DataFrame({"site": list("AAAAABBBBBBBAB")})  # 6 and 8 days: 4 and 6 are learned from
    assert np.flatnonzero(later_days(table)).tolist() == [4, 11, 12, 13]


def test_inputs():
    table = pd.DataFrame(
        {
            "lat": [1.0],
            "lon": [2.0],
            "rain": [3.0],
            "IGBP": "CSH",
            "Koppen": "E",
            "Koppen_short": "?",
        }
    )
    x = inputs(table, ["rain"])
    assert x.shape == (1, 3 + 16 + 5 + 30)
    assert x[0, :3].tolist() == [1.0, 2.0, 3.0]
    assert np.flatnonzero(x[0, 3:]).tolist() == [1, 16 + 4]


def test_scores_are_those_of_scikit_learn():
    rng = np.random.default_rng(1)
    days = pd.DataFrame(
        {
            "site": np.repeat(["B", "A"], 20), "IGBP": np.repeat(["ENF", "GRA"], 20),
            "Koppen": "C", "y_true": rng.normal(1.0, 2.0, 40), "y_pred": rng.normal(1.0, 2.0, 40),
        }
    )  # fmt: skip
    scores = scores_of_sites(days).set_index("site")
    assert scores.IGBP.to_dict() == {"A": "GRA", "B": "ENF"}
    for site, own in days.groupby("site"):
        true, estimate, row = own.y_true, own.y_pred, scores.loc[site]
        mae = mean_absolute_error(true, estimate)
        assert pytest.approx(r2_score(true, estimate)) == row.R2
        assert pytest.approx(root_mean_squared_error(true, estimate)) == row.RMSE
        assert pytest.approx(mae / abs(true.mean())) == row.nMAE
        mean = np.full(len(true), true.mean())
        assert pytest.approx(mae / mean_absolute_error(true, mean)) == row.RAE


def test_scores_by_hand():
    days = pd.DataFrame(
        {
            "site": ["A"] * 4 + ["B"] * 2, "IGBP": "ENF", "Koppen": "C",
            "y_true": [-1.0, 1.0, -1.0, 5.0, 2.0, 2.0], "y_pred": [0.0, 1.0, -1.0, 3.0, 1.0, 1.0],
        }
    )  # fmt: skip
    a, b = scores_of_sites(days).itertuples()
    # mean 1; errors 1, 0, 0, -2; deviations -2, 0, -2, 4
    assert (a.R2, a.RMSE) == (pytest.approx(1 - 5 / 24), pytest.approx(np.sqrt(5 / 4)))
    assert (a.nMAE, a.RAE) == (pytest.approx(0.75), pytest.approx(3 / 8))
    assert (b.R2, b.RMSE, b.RAE) == (0.0, 1.0, np.inf)


def changed(content, file, **columns):
    return content | {file: content[file].assign(**columns)}


FLUXES = "target_fluxes_v2.parquet"
WRONG = {
    "no column": (lambda c: c | {FLUXES: c[FLUXES].drop(columns="IGBP")}, "IGBP: found no such"),
    "another unit": (
        lambda c: changed(c, FLUXES, NEE_VUT_USTAR50=c[FLUXES].NEE_VUT_USTAR50 * 1e3),
        "expected -200 to 200 g C m-2 d-1",
    ),
    "quality in percent": (
        lambda c: changed(c, FLUXES, NEE_VUT_USTAR50_QC=80.0), "NEE_VUT_USTAR50_QC: found 80"
    ),
    "texts": (lambda c: changed(c, FLUXES, lat="north"), "lat: found values of type"),
    "no flux": (lambda c: changed(c, FLUXES, NEE_VUT_USTAR50=-9999.0), "rows: found no complete"),
    "no date": (lambda c: changed(c, FLUXES, TIMESTAMP=7), "TIMESTAMP: found"),
    "twice": (lambda c: c | {FLUXES: pd.concat([c[FLUXES]] * 2)}, "XX-000: found 2001-01-01 twice"),
    "no such set": (lambda c: c | {"feature_sets.json": {"full": []}}, "minimal: found sets full"),
    "no feature": (
        lambda c: c | {"feature_sets.json": {"minimal": ["snow"]}}, "snow: found no such column"
    ),
    "other sites": (
        lambda c: changed(c, "ERA5.parquet", site="ZZ-001"), "training: found no day with all"
    ),
    "a climate of one site": (
        lambda c: c | {"koppen_sites.json": c["koppen_sites.json"] | {"XX-000": "A"}},
        "Koppen: found The least populated class",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_data_set_is_one_line(stored, content, case):
    change, message = WRONG[case]
    folder = stored(change(content))
    with pytest.raises(DataError) as caught:
        read_daily_benchmark(folder, "minimal").parts("Koppen", 0.75)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(folder))
    assert "\n" not in str(caught.value)


def test_no_climates(stored, content):
    folder = stored(content)
    (folder / "koppen_sites.json").unlink()
    with pytest.raises(DataError, match=r"koppen_sites.json: file: found no such file"):
        read_daily_benchmark(folder, "minimal")
    (folder / "koppen_sites.json").write_text("{")
    with pytest.raises(DataError, match=r"koppen_sites.json: file: found unreadable content"):
        read_daily_benchmark(folder, "minimal")


def test_the_same_from_parquet(tmp_path, content, stored, monkeypatch):
    pytest.importorskip("pyarrow")
    expected = read_daily_benchmark(stored(content), "minimal").days
    monkeypatch.setattr(reader, "read_parquet", read_parquet)
    found = read_daily_benchmark(small.write(tmp_path, content), "minimal").days
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_parquet_files_that_cannot_be_read(tmp_path, content):
    pytest.importorskip("pyarrow")
    path = tmp_path / FLUXES
    with pytest.raises(DataError, match="file: found no such file"):
        read_parquet(path, ["site"])
    small.write(tmp_path, content)
    with pytest.raises(DataError, match="snow: found no such column"):
        read_parquet(path, ["site", "snow"])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match="file: found unreadable content"):
        read_parquet(path, ["site"])


def test_without_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"needs pyarrow, .*; pip install 'fluxprod\[parquet\]'"):
        read_parquet(tmp_path / FLUXES, ["site"])


@pytest.mark.parametrize("option", [{"driver_noise": 0.5}, {"daily_noise": 0.5}])
def test_options_that_need_our_own_drivers_are_refused(stored, content, option):
    data = read_daily_benchmark(stored(content), "minimal")
    with pytest.raises(DataError, match=f"train.{next(iter(option))}: found 0.5, expected 0.0, as"):
        run_daily(data, "IGBP", TRAIN.changed(**option), PARAMS, COMPUTE)


def test_sites_can_be_balanced(stored, content):
    data = read_daily_benchmark(stored(content), "minimal")
    short = TRAIN.changed(steps=25)
    plain, balanced = (
        run_daily(data, "IGBP", settings, PARAMS, COMPUTE)[1].y_pred
        for settings in (short, short.changed(site_balance=1.0))
    )
    assert not np.allclose(plain, balanced)
