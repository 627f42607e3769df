import numpy as np
import pandas as pd
import pytest
import yaml

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError
from fluxprod.drivers.settings import DriverSettings
from fluxprod.experiments.real_towers import main
from fluxprod.experiments.settings import RealTowersSettings
from fluxprod.networks.settings import TrainingSettings
from fluxprod.params import block, block_name
from fluxprod.towers.settings import TowerSettings

PARAMS = yaml.safe_load(PARAMS_FILE.read_text())
PLAIN = {"drivers": "table_a2", "monthly_sites": False, "n_members": 1, "options": [{}]}
NOISY = {"drivers": "daily", "monthly_sites": True, "n_members": 2, "options": [
    {"driver_noise": 0.3, "site_balance": 0.5}, {"weight_decay": 0.1},
]}  # fmt: skip
SMALL = {
    "real_towers": {
        "n_inner_folds": 2, "steps": 20, "validate_every": 10, "batch": 64, "n_trees": 5,
        "n_rounds": 5, "models": {"plain": PLAIN, "noisy": NOISY}, "seeds": [1, 2],
        "n_bootstrap": 20, "leaf_sizes": [5, 20],
    },
    "towers": {"n_folds": 3},
    "compute": {"device": "cpu", "processes": 1},
}  # fmt: skip
DAYS = pd.date_range("2004-01-01", "2005-12-31")


def small(kind, **changes):
    name = block_name(kind, PARAMS)
    return block({name: {**PARAMS[name], **SMALL.get(name, {}), **changes}}, kind)


@pytest.fixture
def world(tmp_path):
    """Twelve distant towers with two years of NEE that follows the seasonal temperature."""
    month = pd.date_range("2004-01", "2005-12", freq="MS")
    season = np.cos((month.month - 7) * np.pi / 6)
    tables = [
        pd.DataFrame(
            {
                "site": f"XX-S{site:02}", "igbp": ["GRA", "ENF"][site % 2], "lat": 30.0 + 4 * site,
                "lon": 20.0 * site - 110, "year": month.year, "month": month.month,
                "nee": -(1 + site / 12) * season, "ta": 20 - site + 10 * season, "precip": 2.0,
                "sw_in": 150 + 80 * season, "fpar": 0.4 + 0.2 * season, "lst_day": 290 + season,
                "lst_night": 280 + 5 * season, "ndwi": 0.1 * season, "snow_percent": 10 - season,
                "vpd": 6 + 4 * season,
            }
        )
        for site in range(12)
    ]  # fmt: skip
    path = tmp_path / "towers.csv"
    pd.concat(tables).to_csv(path, index=False)
    return path


@pytest.fixture
def daily(tmp_path):
    """Files of seven of the towers, with a bright and a dull day in turn, and another climate."""
    folder = tmp_path / "daily"
    folder.mkdir()
    season = np.cos((DAYS.day_of_year - 200) * 2 * np.pi / 365.25).to_numpy()
    bright = np.where(np.arange(len(DAYS)) % 2, 1.0, 0.0)
    for site in range(7):
        potential = 300 + 100 * season
        table = pd.DataFrame(
            {
                "TIMESTAMP": DAYS.strftime("%Y%m%d"), "TA_F": 20 - site + 10 * season,
                "TA_F_QC": 1, "SW_IN_POT": potential, "SW_IN_F": (0.3 + 0.4 * bright) * potential,
                "SW_IN_F_QC": 1, "P_F": 2.0, "NEE_VUT_REF": -(1 + site / 12) * season - bright,
                "NEE_VUT_REF_QC": 1, "VPD_F": 6 + 4 * season, "VPD_F_QC": 1,
                "TA_ERA": 15.0, "SW_IN_ERA": 100.0,
            }
        )  # fmt: skip
        name = f"FLX_XX-S{site:02}_FLUXNET2015_FULLSET_DD_2004-2005_1-4.csv"
        table.to_csv(folder / name, index=False)
    return folder


def run(towers, out, *, daily="", **changes):
    kinds = {"drivers": DriverSettings, "split": TowerSettings, "train": TrainingSettings,
             "compute": ComputeSettings}  # fmt: skip
    settings = {name: small(kind) for name, kind in kinds.items()}
    params = small(RealTowersSettings, **changes)
    main(towers=towers, daily=str(daily), out=out, params=params, **settings)


def test_tables_of_months(world, tmp_path, capsys):
    out = tmp_path / "out"
    run(world, out)
    assert "288 months of 12 sites are scored" in capsys.readouterr().out
    predictions = pd.read_csv(out / "predictions.csv")
    assert len(predictions) == 12 * 24
    assert predictions.notna().all(axis=None)
    assert predictions.groupby("site").fold.nunique().max() == 1
    runs = ["plain 1", "noisy 1", "plain 2", "noisy 2", "ridge 1", "forest 1", "boosting 1"]
    assert set(predictions.columns[5:]) == {*runs, "forest 2"}
    choices = pd.read_csv(out / "choices.csv").set_index(["choice", "model"]).value
    assert set(choices["setting"]["forest 1"]) <= {5, 20}
    assert set(choices["step"]["noisy 2"]) <= {10, 20}
    assert set(choices["candidate"]["noisy 1"]) <= {0, 1}
    scores = pd.read_csv(out / "scores.csv")
    assert set(scores.model) == {
        "plain", "noisy", "ridge", "forest", "boosting", "mean of other sites",
        "season of other sites",
    }  # fmt: skip
    assert (
        scores[scores.model == "plain"].gain.dropna() == 0
    ).all()  # two years give no annual score
    quantiles = pd.read_csv(out / "site_skill_quantiles.csv").set_index(["model", "scale", "score"])
    r2 = pd.read_csv(out / "site_skill.csv").groupby(["model", "scale"]).r2.quantile(0.9)
    assert quantiles.p90["ridge 1", "monthly", "r2"] == pytest.approx(
        r2["ridge 1", "monthly"], abs=2e-4
    )
    assert (out / "site_skill.png").stat().st_size > 10_000
    assert set(pd.read_csv(out / "site_skill.csv").site) == {f"XX-S{site:02}" for site in range(12)}


def test_days_are_scored_where_there_are_days(world, daily, tmp_path, capsys):
    run(world, tmp_path / "out", daily=daily)
    assert "of 7 sites are scored" in capsys.readouterr().out
    predictions = pd.read_csv(tmp_path / "out" / "predictions.csv")
    assert set(predictions.site) == {f"XX-S{site:02}" for site in range(7)}
    assert predictions.notna().all(axis=None)
    assert predictions.time.nunique() > 700
    skill = pd.read_csv(tmp_path / "out" / "site_skill.csv")
    anomaly = skill[(skill.model == "ridge 1") & (skill.scale == "anomaly")]
    assert anomaly.r.median() > 0.9  # bright days, which only the daily drivers tell


def test_a_fold_without_days_is_not_scored(world, daily, tmp_path):
    run(world, tmp_path / "months")
    fold = pd.read_csv(tmp_path / "months" / "predictions.csv").groupby("site").fold.first()
    with_days = fold.iloc[:7]
    without = with_days.value_counts().index[-1]
    for site in with_days.index[with_days == without]:
        next(daily.glob(f"FLX_{site}_*")).unlink()
    # with two inner folds, the sites of the other folds would take turns in them
    run(world, tmp_path / "out", daily=daily, n_inner_folds=3)
    scored = set(pd.read_csv(tmp_path / "out" / "predictions.csv").fold)
    assert scored == set(fold) - {without}
    choices = pd.read_csv(tmp_path / "out" / "choices.csv")
    assert set(choices.fold) == scored


def test_two_sites_with_days_are_too_few(world, daily, tmp_path):
    for path in sorted(daily.iterdir())[2:]:
        path.unlink()
    with pytest.raises(DataError, match="fewer than two inner folds, expected more sites"):
        run(world, tmp_path / "out", daily=daily)


def test_weather_may_be_that_of_the_reanalysis(world, daily, tmp_path):
    """A constant climate in the reanalysis hides the bright days from every model."""
    run(world, tmp_path / "out", daily=daily, weather="reanalysis")
    skill = pd.read_csv(tmp_path / "out" / "site_skill.csv")
    anomaly = skill[(skill.model == "ridge 1") & (skill.scale == "anomaly")]
    assert not anomaly.r.median() > 0.1


def test_the_same_call_gives_the_same_tables(world, daily, tmp_path):
    for name in ("first", "second"):
        run(world, tmp_path / name, daily=daily, seeds=[3])
    for table in ("predictions.csv", "scores.csv", "choices.csv", "site_skill.png"):
        first, second = ((tmp_path / name / table).read_bytes() for name in ("first", "second"))
        assert first == second, table


def test_a_folder_without_these_sites_is_named(world, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="empty: site: found no site of the monthly table"):
        run(world, tmp_path / "out", daily=tmp_path / "empty")
    assert not (tmp_path / "out").exists()


def test_too_few_sites_are_named(world, tmp_path):
    table = pd.read_csv(world)
    few = tmp_path / "few.csv"
    table[table.site < "XX-S02"].to_csv(few, index=False)
    with pytest.raises(DataError, match="2 groups of neighbouring sites cannot fill 3 folds"):
        run(few, tmp_path / "out")
