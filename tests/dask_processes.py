"""A Dask scheduler and workers on this machine, each in a process of its own, without nannies."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import yaml
from distributed import Client

ROOT = Path(__file__).parent.parent  # not of conftest, which imports this module
PATIENCE = 300.0  # s, enough for busy machines
HELD = ROOT / "tests" / "held_worker.py"
CLI = "import sys; from dask.__main__ import main; sys.argv[0] = 'dask'; main()"


def poll(what, found):
    """Wait until ``found`` returns something true, and return that."""
    deadline = time.monotonic() + PATIENCE
    while not (result := found()):
        assert time.monotonic() < deadline, f"no {what}"
        time.sleep(0.05)
    return result


@contextmanager
def process(*words, folder, log, **environment):
    """A Python process that is killed at the end of the block."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"} | environment
    with log.open("w") as file:
        running = subprocess.Popen(
            [sys.executable, *words], cwd=folder, env=env, stdout=file, stderr=file
        )
    try:
        yield running
    finally:
        running.kill()
        running.wait(PATIENCE)


class Cluster:
    """A scheduler and the workers that join it one after the other."""

    def __init__(self, folder, **environment):
        self.folder, self.workers, self.stack = folder, 0, ExitStack()
        self.environment = environment  # for the scheduler

    def __enter__(self):
        file = self.folder / "scheduler.json"
        words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self.scheduler = self._start(
            "scheduler", *words, "--scheduler-file", str(file), **self.environment
        )
        poll("scheduler", lambda: file.is_file() and file.read_text().endswith("}"))
        self.address = json.loads(file.read_text())["address"]
        return self

    def __exit__(self, *_):
        self.stack.close()

    def _start(self, kind, *words, **environment):
        log = self.folder / f"{kind}{self.workers}.log"
        command = ["-c", CLI, kind, *words]
        return self.stack.enter_context(
            process(*command, folder=self.folder, log=log, **environment)
        )

    def worker(self, *words, **environment):
        """Start a worker and wait until it has joined."""
        self.workers += 1
        name = f"worker{self.workers}"
        # a later value of an option in ``words`` takes precedence
        fixed = ["--no-nanny", "--no-dashboard", "--nthreads", "1", "--name", name]
        started = self._start("worker", self.address, *fixed, *words, **environment)
        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            poll(name, lambda: name in _names(client))
        return started


def _names(client):
    return [worker["name"] for worker in client.scheduler_info()["workers"].values()]


def run_and_lose_a_worker(cluster, folder, stage, blocks, **flags):
    """Run a stage on two workers, one of which is killed in the middle of its first task.

    ``blocks`` are changes to ``params.yaml`` by block; ``flags`` are paths, which the stage
    receives relative to ``folder``.
    """
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    compute = {"compute": {"scheduler": cluster.address, "device": "cpu"}}
    for name, values in ({"source": "synthetic"} | blocks | compute).items():
        params[name] = params[name] | values if isinstance(values, dict) else values
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    words = [
        word
        for flag in flags.items()
        for word in (f"--{flag[0]}", os.path.relpath(flag[1], folder))
    ]
    held, log = folder / "held", folder / "log"
    victim = cluster.worker("--preload", str(HELD), HELD=str(held))
    with process("-m", f"fluxprod.stages.{stage}", *words, folder=folder, log=log) as run:
        poll("task started", lambda: held.exists() or run.poll() is not None)
        assert run.poll() is None, log.read_text()
        victim.kill()
        assert run.wait(PATIENCE) == 0, log.read_text()


def contents(folder):
    """Bytes of every file in a folder, by path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
