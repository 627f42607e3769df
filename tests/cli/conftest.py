import os
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from fluxprod.cli.main import app
from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.world import SyntheticWorld
from fluxprod.stages import synthesize
from fluxprod.synthetic.settings import EarthSettings

ROOT = Path(__file__).parents[2]
YEARS = {"resolution": 10.0, "first_year": 2002, "last_year": 2003}


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture(scope="session")
def raw_world(tmp_path_factory):
    """Raw files of all data sets: a synthetic Earth of two years."""
    folder = tmp_path_factory.mktemp("world")
    synthesize.main(
        reference=ROOT / "data" / "reference" / "earth",
        raw=folder / "raw",
        truth=folder / "truth",
        world=SyntheticWorld(**YEARS),
        params=EarthSettings(seed=5),
        compute=ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1),
    )
    return folder / "raw"


@pytest.fixture
def observed(raw_world, tmp_path, monkeypatch):
    """``data/raw/observed`` of a workspace in which the process stands; files are hard links."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["source"] = "observed"
    params["worlds"]["observed"] = YEARS
    params["towers"] |= {"min_days": 60, "n_folds": 5}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    folder = tmp_path / "data" / "raw" / "observed"
    shutil.copytree(raw_world, folder, copy_function=os.link)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def some(published, tmp_path):
    """Copy some files and the manifest into a folder."""

    def copy(*names):
        for name in ("manifest.json", *names):
            source = published / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
        return tmp_path

    return copy
