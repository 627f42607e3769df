"""Run stages of dvc.yaml in this process, in a folder of their own.

The commands, their order and their files are DVC's; only the processes are saved. A program, too:
``python -m tests.pipeline FOLDER STAGE ...`` makes some stages, and all that they need, of the tiny
world.
"""

import importlib
import shutil
import sys
from pathlib import Path

import networkx
import pytest
import yaml
from dvc.repo import Repo

from fluxprod.stages._run import run

ROOT = Path(__file__).parent.parent
TINY = {
    "worlds": {"synthetic": {"resolution": 6.0, "first_year": 2001, "last_year": 2003}},
    "towers": {"min_days": 60, "n_folds": 5},
    "bridge": {"n_clusters": 5, "n_cv_folds": 3},
    "robustness": {"n_draws": 3},
    "train": {"batch": 2000, "steps": 120, "validate_every": 20, "n_held_out_years": 1},
}


def lay_out(folder: Path, changes: dict) -> None:
    """A workspace with the committed files and changed parameters."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    _update(params, changes)
    (folder / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))
    for name in ("dvc.yaml", "CITATION.cff"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "fluxprod").symlink_to(ROOT / "fluxprod", target_is_directory=True)
    (folder / "data").mkdir()
    (folder / "data" / "reference").symlink_to(ROOT / "data" / "reference")
    (folder / "data" / "raw").mkdir()
    for pins in (ROOT / "data" / "raw").glob("*.pins.json"):
        shutil.copy(pins, folder / "data" / "raw" / pins.name)
    Repo.init(str(folder), no_scm=True).close()


def _update(tree: dict, changes: dict) -> None:
    for key, value in changes.items():
        if isinstance(value, dict):
            _update(tree[key], value)
        else:
            tree[key] = value


def commands(folder: Path) -> dict[str, list[str]]:
    """Command of every stage, in an order in which they can run."""
    with Repo(str(folder)) as repo:
        order = reversed(list(networkx.topological_sort(repo.index.graph)))
        return {stage.name: stage.cmd.split() for stage in order}


def needed(folder: Path, stages: list[str]) -> set[str]:
    """The stages, and all that they rest on."""
    with Repo(str(folder)) as repo:
        graph = networkx.relabel_nodes(repo.index.graph, {s: s.name for s in repo.index.stages})
    return set(stages).union(*(networkx.descendants(graph, stage) for stage in stages))


def make(folder: Path, *stages: str) -> None:
    """Make stages of the tiny world in a new folder."""
    lay_out(folder, TINY)
    wanted = needed(folder, list(stages))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, command in commands(folder).items():
            if name in wanted:
                run_stage(command, patch)


def run_stage(command: list[str], monkeypatch) -> None:
    """Run ``python -m MODULE ARGS`` here."""
    assert command[:2] == ["python", "-m"]
    monkeypatch.setattr(sys, "argv", command[2:])
    run(importlib.import_module(command[2]).main)


if __name__ == "__main__":
    make(Path(sys.argv[1]), *sys.argv[2:])
