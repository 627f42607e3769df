"""Some of the figures of docs/real-towers.md, recomputed from the real files."""

import os
import re
import subprocess
import sys

import pandas as pd
import pytest
import yaml

from tests.conftest import ROOT

MAIN = "fluxprod.experiments.real_towers"
KERNELS = {"OPENBLAS_CORETYPE": "Haswell", "ATEN_CPU_CAPABILITY": "avx2", "OMP_NUM_THREADS": "1"}
MEF = "MEF of all records"


def printed(score):
    """Mean, lowest and highest value of a score of each model in the page."""
    lines = (ROOT / "docs" / "real-towers.md").read_text().splitlines()
    head = next(line for line in lines if line.startswith("| score |")).split("|")[2:-1]
    row = next(line for line in lines if line.startswith(f"| {score} |")).split("|")[2:-1]
    numbers = [[float(text) for text in re.findall(r"-?\d\.\d+", cell)] for cell in row]
    return dict(zip([name.strip() for name in head], numbers, strict=True))


@pytest.fixture(scope="module")
def found(realdata, tmp_path_factory):
    """Scores of one seed of the paper's network, of ridge regression and of no skill."""
    folder = tmp_path_factory.mktemp("real")
    daily = folder / "daily"
    daily.mkdir()
    for source in ("fluxnet_daily", "fluxnet"):
        for path in sorted((realdata / source).glob("FLX_*_DD_*")):
            site = path.name.split("_")[1]
            if not list(daily.glob(f"*_{site}_*FULLSET*")):  # one file a site
                (daily / path.name).symlink_to(path)
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    models = params["real_towers"]["models"]
    params["real_towers"] |= {
        "models": {"table_a2": models["table_a2"]}, "seeds": params["real_towers"]["seeds"][:1],
        "n_trees": 1, "n_rounds": 1, "leaf_sizes": [500], "n_bootstrap": 1,
    }  # fmt: skip
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    command = [
        *(sys.executable, "-m", MAIN, "--out", "out", "--daily", "daily"),
        *("--towers", str(realdata / "towers_monthly" / "towers_monthly.csv")),
    ]
    environment = os.environ | KERNELS | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    scores = pd.read_csv(folder / "out" / "scores.csv").set_index(["score", "model"])
    return scores["mean"]


@pytest.mark.parametrize("score", [MEF, "median R2", "median R, anomalies"])
@pytest.mark.parametrize("model", ["ridge", "season of other sites"])
def test_models_without_chance_have_the_figures_of_the_page(found, score, model):
    assert found[score, model] == pytest.approx(printed(score)[model][0], abs=0.0051)


@pytest.mark.parametrize("score", [MEF, "median R2", "median R, anomalies"])
def test_a_seed_of_the_network_is_in_the_range_of_the_page(found, score):
    _, lowest, highest = printed(score)["table_a2"]
    assert lowest - 0.0051 <= found[score, "table_a2"] <= highest + 0.0051
