"""Commands that show published models, and train EC beside them."""

import pandas as pd
import pytest
import yaml

from fluxprod.readers.benchmarks.leaderboard import COLUMNS
from tests.benchmarks import small_carbonfluxbench, small_fluxtrapolation
from tests.conftest import ROOT

SITES = {
    "site": ["A", "B", "C"], "nMAE": 1.0, "RAE": 0.5, "target": "NEE_VUT_USTAR50",
    "split_type": "Koppen", "fs": "minimal",
}  # fmt: skip


def site_scores(tmp_path):
    worse = pd.DataFrame(SITES | {"model": "worse", "R2": [0.1, 0.2, 0.3], "RMSE": 2.0})
    better = pd.DataFrame(SITES | {"model": "better", "R2": [0.2, 0.4, 0.6], "RMSE": 1.0})
    path = tmp_path / "scores.csv"
    pd.concat([worse, better]).to_csv(path, index=False)
    return path


def submission(folder, model, rmse, **changes):
    """Scores of a model as the leaderboard keeps them."""
    table = pd.DataFrame({name: 1.0 for name in COLUMNS}, index=range(len(rmse)))
    texts = {"target": "NEE", "setting": "TA40", "model": model, "scale": "hourly", "env": "A"}
    path = folder / f"{model}_val_mean" / f"TA40_NEE_{model}_val_mean.csv"
    path.parent.mkdir(parents=True)
    table.assign(**texts | {"rmse": rmse} | changes).to_csv(path, index=False)
    return path


def test_published_site_scores(run, tmp_path):
    result = run("benchmark", "published", site_scores(tmp_path))
    assert result.exit_code == 0
    assert result.stdout.index("better") < result.stdout.index("worse")
    assert "0.400 (0.300 to 0.500)" in result.stdout


def test_published_site_scores_in_markdown(run, tmp_path):
    result = run("benchmark", "published", site_scores(tmp_path), "--markdown")
    assert result.stdout.splitlines() == [
        "| split type | fs | model | sites | R2 | RMSE | nMAE | RAE |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
        "| Koppen | minimal | better | 3 | 0.400 (0.300 to 0.500) | 1.000 (1.000 to 1.000) "
        "| 1.000 (1.000 to 1.000) | 0.500 (0.500 to 0.500) |",
        "| Koppen | minimal | worse | 3 | 0.200 (0.150 to 0.250) | 2.000 (2.000 to 2.000) "
        "| 1.000 (1.000 to 1.000) | 0.500 (0.500 to 0.500) |",
    ]


def test_published_leaderboard(run, tmp_path):
    submission(tmp_path, "lr", [1.0, 2.0, 3.0, 4.0, 5.0])
    submission(tmp_path, "xgb", [0.0, 1.0, 2.0, 3.0, 9.0])
    result = run("benchmark", "published", tmp_path, "--markdown")
    assert result.stdout.splitlines()[2:] == [
        "| TA40 | hourly | xgb | 5 | 2.000 | 6.600 |",  # 90 %: at 3.6 of 0 to 4
        "| TA40 | hourly | lr | 5 | 3.000 | 4.600 |",
    ]


def test_a_folder_without_scores(run, tmp_path):
    result = run("benchmark", "published", tmp_path)
    assert result.exit_code == 1
    assert "found no *_NEE_*_val_*.csv" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_submission_about_another_flux(run, tmp_path):
    submission(tmp_path, "lr", [1.0], target="GPP")
    result = run("benchmark", "published", tmp_path)
    assert "target: found GPP, expected NEE in every row" in result.stderr


def test_no_such_file(run, tmp_path):
    result = run("benchmark", "published", tmp_path / "none.csv")
    assert result.exit_code == 1
    assert "none.csv: file: found" in result.stderr


@pytest.fixture
def short(tmp_path, monkeypatch):
    """Parameters of a short training, in the folder in which commands run."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["train"] |= {"steps": 60, "validate_every": 20, "batch": 512, "learning_rate": 0.02}
    params["benchmark"] |= {"n_members": 1}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_carbonfluxbench_beside_published_models(run, short):
    pytest.importorskip("pyarrow")
    (short / "data").mkdir()
    small_carbonfluxbench.write(short / "data", small_carbonfluxbench.make())
    others = pd.DataFrame(
        SITES | {"model": "lstm", "R2": 0.1, "RMSE": 9.0, "site": ["A", "B", "C"]}
    )
    others.to_csv(short / "others.csv", index=False)
    words = ["--split", "Koppen", "--published", "others.csv", "--out", "out"]
    result = run("benchmark", "carbonfluxbench", "data", *words)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.index("EC") < result.stdout.index("lstm")  # the better one first
    assert "Koppen: 0 of 6 that EC was scored at are among the 3" in result.stdout
    assert len(pd.read_csv(short / "out/eval_results/EC_Koppen_minimal_ensemble.csv")) == 6


def test_fluxtrapolation_beside_published_models(run, short):
    small_fluxtrapolation.write(short / "data", small_fluxtrapolation.make())
    submission(short / "submissions", "lr", [90.0, 91.0], env=["AU-Dry", "BR-Npw"])
    words = ["--setting", "TA40", "--published", "submissions", "--out", "out"]
    result = run("benchmark", "fluxtrapolation", "data", *words)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.index(" ec ") < result.stdout.index(" lr ")
    assert "TA40: 1 of 1 that EC was scored at are among the 2" in result.stdout
    assert (short / "out/metrics/TA40_NEE_ec_val_mean.csv").is_file()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["carbonfluxbench", "data", "--split", "PFT"], "--split: found PFT, expected one of IGBP"),
        (["carbonfluxbench", "data", "--features", "all"], "--features: found all"),
        (["carbonfluxbench", "data", "--published", "no.csv"], "no.csv: file: found"),
        (["carbonfluxbench", "data"], "data/feature_sets.json: file: found no such file"),
        (["fluxtrapolation", "data", "--setting", "time"], "--setting: found time"),
        (["fluxtrapolation", "data"], "data/sites: files: found no *.csv"),
    ],
)
def test_what_cannot_be_run_is_one_line(run, short, words, found):
    result = run("benchmark", *words)
    assert result.exit_code == 1
    assert found in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (short / "data/benchmarks").exists()
