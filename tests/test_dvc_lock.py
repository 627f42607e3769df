"""What DVC makes of this commit: nothing is out of step, and what each parameter changes."""

import functools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
import yaml
from dvc.dependency.param import ParamsDependency as Known
from dvc.repo import Repo

from fluxprod.params import block_name
from tests.test_parameters import PARAMS, signature_blocks

ROOT = Path(__file__).parent.parent
# where a run happens, and what is beside the pipeline
OUTSIDE = ("benchmark", "compute", "coverage", "real_towers", "study")
FIRST = "synthesize"  # makes the synthetic world, whatever the source


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """The files that git holds, without the data that stages make."""
    if not (ROOT / ".git").exists():
        pytest.skip("only git knows which files are committed, and this tree is not a clone")
    folder = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / ".dvc" / "config").write_text("[core]\nno_scm = true\nanalytics = false\n")
    return folder


@pytest.fixture(scope="module")
def repo(clone):
    with Repo(clone) as opened:
        yield opened


def test_code_and_parameters_are_those_of_dvc_lock(clone):
    """Run ``dvc repro report regional_history`` and commit dvc.lock where they are not."""
    command = [sys.executable, "-m", "dvc", "repro", "--dry", "--allow-missing"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"Running stage '(.+)'", done.stdout) == []
    assert len(re.findall(r"Stage '(.+)' didn't change", done.stdout)) == 30


def test_dvc_lock_hangs_together(repo):
    """Every stage read what the stages before it wrote."""
    made = {out.def_path: out.hash_info for stage in repo.index.stages for out in stage.outs}
    read = [(dep.def_path, dep.hash_info) for stage in repo.index.stages for dep in stage.deps]
    of_stages = [(path, found) for path, found in read if path in made]
    assert len(of_stages) > 50
    assert [path for path, found in of_stages if found != made[path]] == []


def other(value):
    """A value that differs; whether it is possible does not matter here."""
    if isinstance(value, dict | list):
        return [*value, "changed"]
    if value is None:
        return 1
    return f"{value} changed" if isinstance(value, str) else value + 1


def paths(tree: dict, above: tuple = ()) -> Iterator[tuple[str, ...]]:
    """Keys from the top to every value that is no block; dots may be within a key."""
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from paths(value, (*above, key))
        else:
            yield *above, key


def with_change(tree: dict, path: tuple[str, ...]) -> dict:
    first, *rest = path
    return {**tree, first: with_change(tree[first], rest) if rest else other(tree[first])}


@pytest.fixture
def changed_by(repo, clone, monkeypatch):
    """Stages that DVC finds changed, by parameters or command, once params.yaml is written."""
    parsed = functools.cache(yaml.safe_load)  # DVC would parse the file once a stage
    load = "dvc.dependency.param.load_path"
    monkeypatch.setattr(load, lambda path, fs: parsed(Path(path).read_text()))

    def changed(params: dict) -> set[str]:
        (clone / "params.yaml").write_text(yaml.safe_dump(params))
        return {stage.name for stage in repo.index.stages if is_changed(stage)}

    return changed


def is_changed(stage) -> bool:
    return stage.changed_stage() or any(
        dep.status() for dep in stage.deps if isinstance(dep, Known)
    )


def known_to(stage) -> set[str]:
    return {key for dep in stage.deps if isinstance(dep, Known) for key in dep.params}


def test_no_parameter_is_changed_from_the_start(changed_by):
    assert changed_by(PARAMS) == set()


def used_by(stages, key, params):
    """Stages whose ``main`` asks for the parameter's block."""
    users = set()
    for stage in stages:
        for kind in signature_blocks(stage.split("@")[0]):
            if key.startswith(block_name(kind, params) + "."):
                users.add(stage)
    return users


@pytest.mark.parametrize(
    "path", [path for path in paths(PARAMS) if path != ("source",)], ids=".".join
)
def test_a_parameter_changes_the_stages_that_read_it(repo, changed_by, path):
    """All parameters; those of `compute` and of what is beside the pipeline change nothing."""
    stages = [stage.name for stage in repo.index.stages]
    expected = set() if path[0] in OUTSIDE else used_by(stages, ".".join(path), PARAMS)
    assert changed_by(with_change(PARAMS, path)) == expected
    assert expected or path[0] in OUTSIDE or path[:2] == ("worlds", "observed")


def test_the_bridge_never_reruns_ec(repo, changed_by):
    changed = changed_by(with_change(PARAMS, ("bridge", "r2_threshold")))
    # an edge runs from a stage to what it needs
    graph = nx.relabel_nodes(repo.index.graph, {stage: stage.name for stage in repo.index.stages})
    # of the bridge, plausibility reads the totals of the FLUXCOM cube, which no parameter of the
    # bridge changes: tests/test_pipeline.py compares their bytes
    graph = nx.restricted_view(graph, [], [("plausibility", "bridge")])
    assert changed.union(*(nx.ancestors(graph, name) for name in changed)) == {
        "bridge", "robustness", "train@ec_atm", "regional_history", "forward@ec_atm", "provenance",
        "product", "evaluate", "report",
    }  # fmt: skip


def test_the_source_changes_all_that_is_made_of_raw_files(clone, changed_by):
    observed = {**PARAMS, "source": "observed"}
    assert changed_by(observed)
    with Repo(clone) as anew:  # commands and paths name the source
        stages = {stage.name: stage for stage in anew.index.stages}
        assert {name for name, stage in stages.items() if is_changed(stage)} == {*stages} - {FIRST}
        asked = {name for name, stage in stages.items() if "worlds.observed" in known_to(stage)}
        assert asked == used_by(stages, "worlds.observed.resolution", observed)
