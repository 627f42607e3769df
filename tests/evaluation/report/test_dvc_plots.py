"""Output of `dvc metrics diff` and `dvc plots diff` for two runs, without a network."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from fluxprod.evaluation import captions
from tests.conftest import ROOT
from tests.evaluation.report.chromium import Watched, started
from tests.programs import caller

PLOTS = yaml.safe_load((ROOT / "dvc.yaml").read_text())["plots"]
HISTORY = "data/interim/synthetic/networks/ec_atm_history.csv"
IMAGES = [Path(plot) for plot in PLOTS if isinstance(plot, str)]


def history(folder: Path, loss: float) -> None:
    table = pd.DataFrame({"fold": [0, 0], "step": [25, 50], "val_l_EC": [2.0, loss]})
    (folder / HISTORY).parent.mkdir(parents=True, exist_ok=True)
    table.assign(val_l_ATM=0.1).to_csv(folder / HISTORY, index=False)


def changed(folder: Path) -> None:
    """Alter a run: its sink, 1 PgC more in 2001, a smaller loss, and another image."""
    metrics = json.loads((folder / "metrics.json").read_text())
    metrics["sink"]["ec_atm"] += 1.0
    (folder / "metrics.json").write_text(json.dumps(metrics))
    annual = pd.read_csv(folder / "figures" / "annual.csv")
    annual.loc[0, "EC-ATM"] += 1.0
    annual.to_csv(folder / "figures" / "annual.csv", index=False)
    shutil.copy(folder / "figures" / "nnse.png", folder / "figures" / "maps.png")


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    return caller(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def repository(call, tmp_path_factory, page, evaluated):
    """Repository with a committed run and an altered one in the work tree; plots as in dvc.yaml."""
    root = tmp_path_factory.mktemp("repository")
    shutil.copytree(evaluated.folder, root / "data" / "evaluation")
    history(root, 1.5)
    declared = {"plots": PLOTS, "metrics": ["data/evaluation/metrics.json"]}
    (root / "dvc.yaml").write_text(yaml.safe_dump(declared))
    (root / "params.yaml").write_text("source: synthetic\n")
    call(root, "git", "init")
    call(root, "dvc", "init")
    shutil.copy(ROOT / ".dvc" / "config", root / ".dvc" / "config")
    call(root, "git", "add", "-A")
    call(root, "git", "commit", "-m", "A run")
    changed(root / "data" / "evaluation")
    history(root, 1.0)
    return root


def test_every_figure_is_plotted_and_every_plot_is_a_figure():
    assert {path.stem for path in IMAGES} == set(captions.FIGURES)


def test_metrics_diff_tells_the_change_alone(call, repository, evaluated):
    found = json.loads(call(repository, "dvc", "metrics", "diff", "--json"))
    old = evaluated.metrics["sink"]["ec_atm"]
    change = {"old": old, "new": pytest.approx(old + 1.0), "diff": pytest.approx(1.0)}
    assert found == {"data/evaluation/metrics.json": {"sink.ec_atm": change}}


def values(found: dict, plot: str, name: str, at: dict[str, str]) -> dict[str, float]:
    """Values of a plot at one point by revision."""
    rows = pd.DataFrame(found["data"][plot][0]["content"]["data"]["values"])
    kept = rows[(rows[list(at)] == pd.Series(at)).all(axis=1)]
    return kept.set_index("rev")[name].astype(float).to_dict()


def test_plots_diff_tells_both_runs(call, repository):
    found = json.loads(call(repository, "dvc", "plots", "diff", "HEAD", "--json"))
    assert not found.get("errors")
    annual = values(found, "annual NEE", "EC-ATM", {"year": "2001", "field": "EC-ATM"})
    assert annual["workspace"] - annual["HEAD"] == pytest.approx(1.0)
    loss = values(found, "training, sites held out", "val_l_EC", {"step": "50"})
    assert loss == {"HEAD": 1.5, "workspace": 1.0}
    assert {str(path) for path in IMAGES} <= set(found["data"])


def test_the_page_of_plots_needs_no_network(call, repository):
    call(repository, "dvc", "plots", "diff", "HEAD")
    with started() as browser:
        watched = Watched(browser, 1280)
        watched.page.goto((repository / "dvc_plots" / "index.html").as_uri())
        drawn = watched.page.locator("canvas, svg.marks")
        drawn.nth(len(PLOTS) - len(IMAGES) - 1).wait_for()
        assert drawn.count() == len(PLOTS) - len(IMAGES)
        widths = watched.page.eval_on_selector_all("img", "all => all.map(o => o.naturalWidth)")
        assert len(widths) == 2 * len(IMAGES)
        assert min(widths) > 300
        assert watched.asked == []
