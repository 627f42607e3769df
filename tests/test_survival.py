"""Training as a stage of DVC gives the same bytes if killed, stopped or started twice at once.

`make kill-test` does more: it kills every stage of the pipeline at random times.
"""

import signal
import time

import pytest
import yaml
from dvc.repo import Repo

from tests.conftest import ROOT
from tests.dvc_run import PATIENCE, POLL, all_gone, completed, family, repro
from tests.stages.test_killed_training import steps_kept, write_inputs

STAGE = {
    "cmd": "python -m fluxprod.stages.train --sites sites.nc --drivers drivers.zarr "
    "--bridge bridge.nc --inversions inversions.nc --networks m.nc --history m_history.csv "
    "--predictions m_sites.nc --trail m_trail.nc --checkpoints kept/m --constraint inversions",
    "deps": ["sites.nc", "drivers.zarr", "bridge.nc", "inversions.nc"],
    "outs": ["m.nc", "m_history.csv", "m_sites.nc", "m_trail.nc"],
}
CODE = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
STOPPED = "train: stopped by SIGTERM; run it again to continue"


def _repository(folder):
    write_inputs(folder, processes=1, steps=200)
    (folder / "dvc.yaml").write_text(yaml.safe_dump({"stages": {"train": STAGE}}))
    Repo.init(str(folder), no_scm=True).close()
    return folder


def _outs(folder):
    return {name: (folder / name).read_bytes() for name in STAGE["outs"]}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Bytes of the outputs of an undisturbed run."""
    folder = _repository(tmp_path_factory.mktemp("undisturbed") / "run")
    completed(folder, env=CODE)
    return _outs(folder)


def _end(run, folder, whose, number):
    """Send a signal once more steps are saved; no process survives, and there are no outputs."""
    before, stage = steps_kept(folder), run.wait_for("train")
    until = time.monotonic() + PATIENCE
    while steps_kept(folder) <= before:
        assert time.monotonic() < until
        assert stage.is_running(), run.said
        time.sleep(POLL)
    ours = family(stage)
    if whose == "group":
        run.signal_group(number)
    else:
        {"stage": stage, "dvc": run.popen}[whose].send_signal(number)
    assert run.wait() != 0
    assert all_gone(ours)
    assert not any((folder / name).exists() for name in STAGE["outs"])


def test_whatever_is_ended_the_next_run_resumes_to_the_same_bytes(tmp_path, undisturbed):
    folder = _repository(tmp_path / "run")
    ends = [
        ("stage", signal.SIGKILL),
        ("dvc", signal.SIGKILL),
        ("group", signal.SIGKILL),
        ("group", signal.SIGTERM),
    ]
    for number, (whose, kind) in enumerate(ends):
        with repro(folder, env=CODE) as run:
            _end(run, folder, whose, kind)
            assert ("continues at step" in run.said) == (number > 0)
            # without dvc, the stage stops by itself
            assert (STOPPED in run.said) == (whose == "dvc" or kind == signal.SIGTERM)
    assert "continues at step" in completed(folder, env=CODE)
    assert _outs(folder) == undisturbed
    assert not list(folder.glob(".*partial"))


def test_a_second_dvc_is_refused_and_the_first_completes(tmp_path, undisturbed):
    folder = _repository(tmp_path / "run")
    with repro(folder, env=CODE) as first:
        assert first.wait_for("train")
        with repro(folder, env=CODE) as second:
            assert second.wait() != 0
            assert "is busy" in second.said
        assert first.wait() == 0, first.said
    assert _outs(folder) == undisturbed
