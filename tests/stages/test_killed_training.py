"""The train stage, ended by signals and run again, writes the same bytes and leaves no process."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest
import yaml

from tests.conftest import ROOT
from tests.networks import tiny_world

OUTS = {
    "networks": "out/m.nc",
    "history": "out/m_history.csv",
    "predictions": "out/m_sites.nc",
    "trail": "out/m_trail.nc",
}
STEPS, EVERY = 1200, 7
PATIENCE = 120.0  # s, enough for a busy machine
GONE_WITHIN = 10.0  # s


def write_inputs(folder, processes, steps=STEPS):
    """Write the inputs of the stage, and parameters."""
    folder.mkdir()
    tiny_world.site_records().to_netcdf(folder / "sites.nc")
    tiny_world.driver_store().to_zarr(folder / "drivers.zarr", zarr_format=3, consolidated=False)
    tiny_world.bridge().to_netcdf(folder / "bridge.nc")
    tiny_world.inversions(-0.1).to_netcdf(folder / "inversions.nc")
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["worlds"]["synthetic"] |= {"first_year": 2003, "last_year": 2005}
    params["train"] |= {
        "width": 8, "batch": 100, "steps": steps, "validate_every": EVERY, "n_held_out_years": 1,
    }  # fmt: skip
    params["bridge"]["n_cv_folds"] = 2
    params["compute"] |= {"device": "cpu", "threads": 1, "processes": processes}
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    return folder


@pytest.fixture
def start():
    """Start the stage in a folder; processes that still run at the end of the test are killed."""
    started = []

    def _start(folder, constraint):
        started.append(_stage(folder, constraint))
        return started[-1]

    yield _start
    for process in started:
        process.kill()
        process.communicate()


def _stage(folder, constraint):
    flags = {
        "sites": "sites.nc", "drivers": "drivers.zarr", **OUTS, "checkpoints": "kept/m",
        "bridge": "bridge.nc", "inversions": "inversions.nc", "constraint": constraint,
    }  # fmt: skip
    words = [word for flag, value in flags.items() for word in (f"--{flag}", str(value))]
    return subprocess.Popen(
        [sys.executable, "-m", "fluxprod.stages.train", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _finish(process):
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, stderr
    return stdout, stderr


def _outs(folder):
    return {name: (folder / path).read_bytes() for name, path in OUTS.items()}


def steps_kept(folder):
    """Count the steps that the checkpoints of all folds contain."""
    kept = 0
    for path in folder.glob("kept/m/fold_*.npz"):
        with np.load(path, allow_pickle=False) as arrays:
            kept += int(arrays["steps"])
    return kept


def _end_when(process, folder, steps, number):
    """Send a signal once enough steps are kept, and check that every process of the stage ends.

    Ctrl-C goes to all of them, as from a terminal.
    """
    stage = psutil.Process(process.pid)
    until = time.monotonic() + PATIENCE
    while steps_kept(folder) < steps:
        assert time.monotonic() < until
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    workers = stage.children(recursive=True)
    send = os.killpg if number == signal.SIGINT else os.kill
    send(process.pid, number)
    process.wait(GONE_WITHIN)
    _, alive = psutil.wait_procs(workers, timeout=GONE_WITHIN)
    assert alive == []
    _, stderr = process.communicate()
    if number != signal.SIGKILL:
        lines = [line for line in stderr.splitlines() if not line.startswith("EC")]
        assert lines == [f"train: stopped by {number.name}; run it again to continue"]
    assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)
    return len(workers)


@pytest.mark.parametrize(
    ("model", "processes", "signals"),
    [
        ("ec_atm", 2, [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]),
        ("ec", 1, [signal.SIGTERM]),
    ],
)
def test_a_killed_stage_resumes_and_writes_the_same_bytes(
    tmp_path, start, model, processes, signals
):
    whole, killed = (write_inputs(tmp_path / name, processes) for name in ("whole", "killed"))
    constraint = {"ec_atm": "inversions", "ec": "none"}[model]
    _finish(start(whole, constraint))
    rng = np.random.default_rng(9)
    moments = np.sort(rng.integers(EVERY, 2 * STEPS - 300, len(signals)))
    for steps, number in zip(moments, signals):
        workers = _end_when(start(killed, constraint), killed, steps, number)
        assert workers >= processes > 1 or processes == 1
        assert not (killed / "out").exists()
    kept = steps_kept(killed)
    stdout, stderr = _finish(start(killed, constraint))
    assert kept >= moments[-1]
    resumed = [line for line in stderr.splitlines() if "continues at step" in line]
    assert sum(int(line.split()[-1]) for line in resumed) == kept
    assert _outs(killed) == _outs(whole)
    assert not (killed / "kept" / "m").exists()
    assert "kept" not in stdout


@pytest.mark.parametrize("n_folds", [1, 2])  # 1: the other worker is still starting
def test_a_killed_worker_is_reported_in_one_line(tmp_path, start, n_folds):
    folder = write_inputs(tmp_path / "run", 2)
    process = start(folder, "inversions")
    until = time.monotonic() + PATIENCE
    while len(list(folder.glob("kept/m/fold_*.npz"))) < n_folds:
        assert time.monotonic() < until
        time.sleep(0.005)
    workers = [
        child
        for child in psutil.Process(process.pid).children()
        if "spawn_main" in " ".join(child.cmdline())
    ]
    workers[0].kill()
    _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert stderr.splitlines()[-1].startswith(
        "train: params.yaml: compute.processes: found 2, of which a worker died"
    )
    assert "Traceback" not in stderr


def test_the_second_of_two_simultaneous_trainings_is_refused(tmp_path, start):
    """Both are started at the same moment, so either may be the first."""
    folder = write_inputs(tmp_path / "run", 1, steps=20)
    both = [start(folder, "inversions") for _ in range(2)]
    said = [process.communicate(timeout=PATIENCE)[1] for process in both]
    refused = [text for process, text in zip(both, said) if process.returncode]
    for text in refused:
        assert text.startswith("train: kept/m: lock: found another run at the same output")
        assert len(text.splitlines()) == 1
    assert len(refused) < 2
    outs = _outs(folder)
    _finish(start(folder, "inversions"))
    assert _outs(folder) == outs
