"""Planning and running of steps, with stages that write a few words."""

import inspect
from pathlib import Path

import pytest

from fluxprod.bridge.settings import BridgeSettings
from fluxprod.compute.settings import ComputeSettings
from fluxprod.experiments import steps as _steps
from fluxprod.experiments.stage_files import CHAIN, StageFiles, stages_of
from fluxprod.experiments.steps import idle_raw, make, missing_steps, planned
from fluxprod.networks.settings import ForwardSettings
from fluxprod.params import changed, read_params
from fluxprod.synthetic.settings import EarthSettings
from tests.test_architecture import closure

PARAMS = read_params() | {"source": "synthetic"}
LOCAL = ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1)


def fake_synthesize(*, raw: Path, truth: Path, params: EarthSettings) -> None:
    raw.mkdir()
    (raw / "cube.txt").write_text(f"cube of {params.seed}")
    truth.write_text("truth")


def fake_bridge(*, cube: Path, bridge: Path, params: BridgeSettings) -> None:
    bridge.write_text(f"{params.method} from {cube.read_text()}")


def fake_train(*, bridge: Path, networks: Path, checkpoints: Path) -> None:
    checkpoints.mkdir(exist_ok=True)
    (checkpoints / "step.txt").write_text("half way")
    if (checkpoints.parent / "broken").exists():
        raise RuntimeError("killed")
    networks.write_text(f"networks with {bridge.read_text()}")


def fake_forward(
    *, networks: Path, totals: Path, params: ForwardSettings, compute: ComputeSettings
) -> None:
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


def test_every_step_runs_once(tmp_path):
    step = plan(tmp_path)
    assert run(step) == ["synthesize", "bridge", "train", "forward"]
    seed, method = PARAMS["synthesize"]["seed"], PARAMS["bridge"]["method"]
    rows = PARAMS["forward"]["block"]
    expected = f"networks with {method} from cube of {seed} by 1 in {rows}"
    assert step.output("totals").read_text() == expected
    assert run(plan(tmp_path)) == []


def test_a_change_reruns_only_what_it_affects(tmp_path):
    run(plan(tmp_path))
    assert run(plan(tmp_path, forward__block=5)) == ["forward"]
    assert run(plan(tmp_path, bridge__seed=5)) == ["bridge", "train", "forward"]
    assert run(plan(tmp_path)) == []  # the first outputs are still present
    assert run(plan(tmp_path, drivers__alpha=0.5)) == []  # no step here reads it


def test_where_a_run_happens_changes_nothing(tmp_path):
    run(plan(tmp_path))
    assert run(plan(tmp_path, compute__processes=1, compute__threads=2)) == []


def test_code_is_part_of_the_name(tmp_path, monkeypatch):
    run(plan(tmp_path))
    original = _steps.stage_code_digest
    monkeypatch.setattr(
        _steps,
        "stage_code_digest",
        lambda stage, more: original(stage, more) + "x" * (stage == "train"),
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


def test_raw_files_are_idle_when_no_step_needs_them(tmp_path):
    step, other = plan(tmp_path), plan(tmp_path, bridge__seed=5)
    synthesize, *later = missing_steps([step])
    known = [synthesize, *later]
    raw = {synthesize.output("raw")}
    assert idle_raw(known, known) == set()  # not made yet
    assert idle_raw(known, later) == set()  # the bridge reads them
    assert idle_raw(known, later[1:]) == raw
    run(step)
    _steps.remove(*raw)
    assert run(step) == []
    assert run(other) == [
        "synthesize",
        "bridge",
        "train",
        "forward",
    ]  # made again for another bridge


def test_readers_of_raw_files_come_first(tmp_path):
    stages = [s.stage for s in missing_steps([plan(tmp_path), plan(tmp_path, bridge__seed=5)])]
    assert stages[:3] == ["synthesize", "bridge", "bridge"]


@pytest.mark.parametrize("model", ["ec", "ec_atm"])
@pytest.mark.parametrize("name", CHAIN)
def test_every_stage_gets_all_its_files(name, model):
    """The keywords of ``main`` say what dvc.yaml has to give: files, flags and checkpoints."""
    files = stages_of(model)[name]
    keywords = inspect.signature(files.main).parameters.values()
    asked = {each.name for each in keywords if each.annotation is Path} - {"checkpoints"}
    assert files.reads.keys() | files.writes.keys() == asked
    assert dict(files.flags).keys() == {each.name for each in keywords if each.annotation is str}
    for source in files.reads.values():
        origin, _, path = source.partition("/")
        if origin in CHAIN:
            assert path.split("/")[0] in stages_of(model)[origin].writes.values()
        else:
            assert Path(source).exists()


def test_files_are_found_where_dvc_yaml_has_them():
    """Three kinds of inputs, by hand: raw files, files of another stage, committed files."""
    of = stages_of("ec_atm")
    assert of["inversions"].reads["gfas"] == "synthesize/raw/gfas"
    assert of["train"].reads["inversions"] == "inversions/regional.nc"
    assert of["synthesize"].reads == {"reference": "data/reference/earth"}
    unconstrained = "data/reference/unconstrained/no_bridge.txt"
    assert stages_of("ec")["train"].reads["bridge"] == unconstrained
    assert dict(stages_of("ec")["train"].flags) == {"constraint": "none"}


@pytest.mark.parametrize("name", CHAIN)
def test_code_of_a_step_includes_all_that_it_imports(name):
    files = stages_of("ec_atm")[name]
    listed = [path.absolute() for path in _steps.stage_code(name, files.code)]
    for module in closure(Path(inspect.getfile(files.main))):
        assert any(module == path or path in module.parents for path in listed), module


def test_ec_does_not_depend_on_the_bridge(tmp_path):
    step = planned("forward", stages_of("ec"), PARAMS, tmp_path)
    stages = [each.stage for each in _steps.lineage([step])]
    assert "bridge" not in stages
    assert "inversions" not in stages
