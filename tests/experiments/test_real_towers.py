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
SMALL = {
    "real_towers": {
        "n_inner_folds": 2, "paper_steps": 10, "steps": 20, "validate_every": 10, "batch": 64,
        "regularisation": [[0.0, 0.1]], "n_members": 2, "n_noisy_copies": 2, "n_trees": 5,
    },
    "towers": {"n_folds": 3},
    "compute": {"device": "cpu", "processes": 1},
}  # fmt: skip


def small(kind):
    name = block_name(kind, PARAMS)
    return block({name: {**PARAMS[name], **SMALL.get(name, {})}}, kind)


@pytest.fixture
def world(tmp_path):
    """Eight distant towers with two years of NEE that follows the seasonal temperature."""
    month = pd.date_range("2004-01", "2005-12", freq="MS")
    season = np.cos((month.month - 7) * np.pi / 6)
    tables = [
        pd.DataFrame(
            {
                "site": f"XX-S{site:02}", "igbp": ["GRA", "ENF"][site % 2], "lat": 30.0 + 4 * site,
                "lon": 20.0 * site, "year": month.year, "month": month.month,
                "nee": -(1 + site / 8) * season, "ta": 20 - site + 10 * season, "precip": 2.0,
                "sw_in": 150 + 80 * season, "fpar": 0.4 + 0.2 * season, "lst_day": 290 + season,
                "lst_night": 280 + 5 * season, "ndwi": 0.1 * season, "snow_percent": 10 - season,
            }
        )
        for site in range(8)
    ]  # fmt: skip
    path = tmp_path / "towers.csv"
    pd.concat(tables).to_csv(path, index=False)
    return path


def run(towers, out):
    kinds = {
        "drivers": DriverSettings, "split": TowerSettings, "train": TrainingSettings,
        "params": RealTowersSettings, "compute": ComputeSettings,
    }  # fmt: skip
    main(towers=towers, out=out, **{name: small(kind) for name, kind in kinds.items()})


def test_tables_and_screen(world, tmp_path, capsys):
    run(world, tmp_path / "out")
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    assert set(scores.columns) == {"model", "igbp", "n_sites", "n_months", "RMSE", "MEF", "R"}
    assert list(scores.model.unique()) == [
        "EC_paper_epoch", "EC_nested", "forest_nested", "ridge_nested",
    ]  # fmt: skip
    assert (scores[scores.igbp == "all"].n_months == 8 * 24).all()
    predictions = pd.read_csv(tmp_path / "out" / "predictions.csv")
    assert predictions.notna().all(axis=None)
    assert predictions.groupby("site").fold.nunique().max() == 1
    choices = pd.read_csv(tmp_path / "out" / "choices.csv")
    assert set(choices[choices.choice == "setting"].value) <= {1, 5, 20, 10, 100, 1000, 10000}
    assert "optimistic" in capsys.readouterr().out


def test_too_few_sites_are_named(world, tmp_path):
    table = pd.read_csv(world)
    few = tmp_path / "few.csv"
    table[table.site < "XX-S02"].to_csv(few, index=False)
    with pytest.raises(DataError, match="2 groups of neighbouring sites cannot fill 3 folds"):
        run(few, tmp_path / "out")
