"""Steps that write a word or two, in place of the stages."""

import inspect
from pathlib import Path

import pytest

from fluxprod.experiments import stage_files as _recipes
from fluxprod.experiments import steps as _steps
from fluxprod.experiments.stage_files import StageFiles
from fluxprod.experiments.steps import idle_raw, make, missing_steps, planned
from fluxprod.params import Bridge, Compute, Forward, Synthesize
from fluxprod.params_file import changed, read_params
from tests.test_architecture import closure

PARAMS = read_params() | {"source": "synthetic"}
LOCAL = Compute("local", "cpu", 1, 1)


def fake_synthesize(*, raw: Path, truth: Path, params: Synthesize) -> None:
    raw.mkdir()
    (raw / "cube.txt").write_text(f"cube of {params.seed}")
    truth.write_text("truth")


def fake_bridge(*, cube: Path, bridge: Path, params: Bridge) -> None:
    bridge.write_text(f"{params.method} from {cube.read_text()}")


def fake_train(*, bridge: Path, networks: Path, checkpoints: Path) -> None:
    checkpoints.mkdir(exist_ok=True)
    (checkpoints / "step.txt").write_text("half way")
    if (checkpoints.parent / "broken").exists():
        raise RuntimeError("killed")
    networks.write_text(f"networks with {bridge.read_text()}")


def fake_forward(*, networks: Path, totals: Path, params: Forward, compute: Compute) -> None:
    totals.write_text(f"{networks.read_text()} by {compute.processes} in {params.block}")


FAKES = {
    "synthesize": StageFiles(fake_synthesize, {}, {"raw": "raw", "truth": "truth.txt"}),
    "bridge": StageFiles(
        fake_bridge, {"cube": "synthesize/raw/cube.txt"}, {"bridge": "bridge.txt"}
    ),
    "train": StageFiles(fake_train, {"bridge": "bridge/bridge.txt"}, {"networks": "networks.txt"}),
    "forward": StageFiles(
        fake_forward, {"networks": "train/networks.txt"}, {"totals": "totals.txt"}
    ),
}


def plan(root, **changes):
    dotted = {name.replace("__", "."): value for name, value in changes.items()}
    return planned("forward", FAKES, changed(PARAMS, dotted, "test"), root)


def run(*targets):
    steps = missing_steps(targets)
    for step in steps:
        make(step, LOCAL)
    return [step.stage for step in steps]


def test_all_is_made_once(tmp_path):
    step = plan(tmp_path)
    assert run(step) == ["synthesize", "bridge", "train", "forward"]
    seed, method = PARAMS["synthesize"]["seed"], PARAMS["bridge"]["method"]
    rows = PARAMS["forward"]["block"]
    expected = f"networks with {method} from cube of {seed} by 1 in {rows}"
    assert step.output("totals").read_text() == expected
    assert run(plan(tmp_path)) == []


def test_a_change_makes_what_it_affects_alone(tmp_path):
    run(plan(tmp_path))
    assert run(plan(tmp_path, forward__block=5)) == ["forward"]
    assert run(plan(tmp_path, bridge__seed=5)) == ["bridge", "train", "forward"]
    assert run(plan(tmp_path)) == []  # the first is still there
    assert run(plan(tmp_path, drivers__alpha=0.5)) == []  # no step here reads it


def test_where_a_run_happens_changes_nothing(tmp_path):
    run(plan(tmp_path))
    assert run(plan(tmp_path, compute__processes=1, compute__threads=2)) == []


def test_code_is_part_of_the_name(tmp_path, monkeypatch):
    run(plan(tmp_path))
    original = _steps.stage_code_digest
    monkeypatch.setattr(
        _steps, "code_digest", lambda stage, more: original(stage, more) + "x" * (stage == "train")
    )
    assert run(plan(tmp_path)) == ["train", "forward"]


def test_code_digest_sees_every_file(tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    (code / "a.py").write_text("1")
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.py").write_text("2")
    assert _steps.output_digest(code) != _steps.output_digest(other)
    assert _steps.stage_code_digest("bridge", ()) != _steps.stage_code_digest(
        "bridge", ("params.yaml",)
    )
    assert _steps.stage_code_digest("bridge", ()) != _steps.stage_code_digest("train", ())


def test_two_targets_share_steps(tmp_path):
    assert sorted(run(plan(tmp_path), plan(tmp_path, forward__block=5))) == [
        "bridge", "forward", "forward", "synthesize", "train",
    ]  # fmt: skip


def test_an_interrupted_step_leaves_only_checkpoints(tmp_path):
    step = plan(tmp_path)
    (tmp_path / "broken").touch()
    with pytest.raises(RuntimeError, match="killed"):
        run(step)
    found = {path.name.split("-")[0]: path for path in tmp_path.glob("*-*")}
    assert set(found) == {"synthesize", "bridge", "train"}
    assert found["train"].name.endswith(".checkpoints")
    (tmp_path / "broken").unlink()
    assert run(step) == ["train", "forward"]
    assert not list(tmp_path.glob("*.checkpoints"))


def test_raw_files_go_when_nothing_needs_them(tmp_path):
    step, other = plan(tmp_path), plan(tmp_path, bridge__seed=5)
    synthesize, *later = missing_steps([step])
    known = [synthesize, *later]
    raw = {synthesize.output("raw")}
    assert idle_raw(known, known) == set()  # yet to be made
    assert idle_raw(known, later) == set()  # the bridge reads them
    assert idle_raw(known, later[1:]) == raw
    run(step)
    _steps.remove(*raw)
    assert run(step) == []
    assert run(other) == ["synthesize", "bridge", "train", "forward"]  # remade for another bridge


def test_files_that_are_read_come_first(tmp_path):
    stages = [s.stage for s in missing_steps([plan(tmp_path), plan(tmp_path, bridge__seed=5)])]
    assert stages[:3] == ["synthesize", "bridge", "bridge"]


@pytest.mark.parametrize("name", list(_recipes.RECIPES))
def test_recipes_give_each_stage_its_files(name):
    recipe = _recipes.RECIPES[name]
    signature = inspect.signature(recipe.main).parameters.values()
    asked = {each.name for each in signature if each.annotation is Path} - {"checkpoints"}
    assert recipe.reads.keys() | recipe.writes.keys() == asked
    for source in recipe.reads.values():
        origin, _, path = source.partition("/")
        if origin in _recipes.RECIPES:
            assert path.split("/")[0] in _recipes.RECIPES[origin].writes.values()
        else:
            assert Path(source).exists()


@pytest.mark.parametrize("name", list(_recipes.RECIPES))
def test_code_of_a_step_is_all_that_it_imports(name):
    recipe = _recipes.RECIPES[name]
    listed = [path.absolute() for path in _steps.code_of(name, recipe.code)]
    for module in closure(Path(inspect.getfile(recipe.main))):
        assert any(module == path or path in module.parents for path in listed), module


def test_ec_rests_on_no_bridge(tmp_path):
    step = planned("forward", _recipes.EC_RECIPES, PARAMS, tmp_path)
    stages = [each.stage for each in _steps.lineage([step])]
    assert "bridge" not in stages
    assert "inversions" not in stages
