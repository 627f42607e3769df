"""Neither a parent that is killed nor one that is asked to stop leaves a worker."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.conftest import ROOT

PATIENCE = 60.0  # s, enough for a busy machine
LONG = 600  # s, duration of a task
POOL = f"""
import time
from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.tasks import map_tasks
compute = ComputeSettings(scheduler="local", device="cpu", threads=1, processes=2)
list(map_tasks(time.sleep, [{LONG}] * 3, compute, description="sleep"))
"""
FORKS = f"""
import time
from functools import partial
from fluxprod.synthetic.parallel_writers import run_in_processes
run_in_processes([partial(time.sleep, {LONG})] * 3, 2)
"""
# Tasks wait in a pipe, which holds 64 KiB, when one of them fails or kills its worker.
WAITING = f"""
from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.tasks import map_tasks
sleep, last = "__import__('time').sleep({LONG})", "__import__('time').sleep(0.5), {{}}"
tasks = [task.ljust(200_000) for task in ["0", last, *[sleep] * 10]]
compute = ComputeSettings(scheduler="local", device="cpu", threads=1, processes=2)
list(map_tasks(eval, tasks, compute, description="wait"))
"""
MESSAGE = "test: stopped by {}; run it again to continue\n"
IGNORES_EXIT = f"""
from fluxprod.compute import stop as _stop
import time
_stop.GRACE = 0.1
with _stop.stoppable('test'):
    print('ready', flush=True)
    while True:
        try:
            time.sleep({LONG})
        except BaseException:
            pass
"""
HARMLESS_SIGNALS = """
from fluxprod.compute import stop as _stop
import signal, time
_stop.GRACE = 0.1
signal.signal(signal.SIGUSR1, lambda *_: None)
with _stop.stoppable('test'):
    signal.raise_signal(signal.SIGUSR1)
    time.sleep(0.5)
try:
    with _stop.stoppable('test'):
        signal.raise_signal(signal.SIGTERM)
except SystemExit as stopped:
    time.sleep(0.5)
    print(stopped.code)
"""
# the signal arrives in a finalizer, where Python ignores SystemExit
LOST = f"""
from fluxprod.compute.stop import stoppable
import signal, time, weakref
class Thing:
    pass
with stoppable('test'):
    thing = Thing()
    weakref.finalize(thing, signal.raise_signal, signal.SIGTERM)
    del thing
    time.sleep({LONG})
"""
STOPPABLE = "from fluxprod.compute.stop import stoppable\nwith stoppable('test'):\n"


def indented(code):
    return "".join(f"    {line}\n" for line in code.strip().splitlines())


@pytest.fixture
def start():
    """Start code in a process group of its own, which is killed at the end of the test."""
    started = []

    def _start(code):
        command = "if __name__ == '__main__':\n" + indented(code)
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", command],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        return started[-1]

    yield _start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _workers(process):
    """Find both workers, which may still be starting."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, process.communicate()
        children = psutil.Process(process.pid).children()
        workers = [child for child in children if "resource_tracker" not in str(child.cmdline())]
        if len(workers) == 2:
            return workers
        time.sleep(0.01)
    raise TimeoutError


@pytest.mark.parametrize("code", [POOL, FORKS], ids=["pool", "forks"])
def test_no_worker_outlives_a_killed_parent(start, code):
    process = start(code)
    workers = _workers(process)
    process.kill()
    assert psutil.wait_procs(workers, timeout=PATIENCE)[1] == []


@pytest.mark.parametrize("code", [POOL, FORKS], ids=["pool", "forks"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["parent", "group"])
def test_a_signal_ends_all_processes_with_one_line(start, code, number, send):
    process = start(STOPPABLE + indented(code))
    workers = _workers(process)
    send(process.pid, number)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert stderr.endswith(MESSAGE.format(number.name))
    assert "Traceback" not in stderr
    assert process.returncode == 128 + number
    assert psutil.wait_procs(workers, timeout=PATIENCE)[1] == []


@pytest.mark.parametrize(
    ("end", "line"),
    [("1 / 0", "ZeroDivisionError"), ("__import__('os')._exit(1)", "of which a worker died")],
)
def test_an_error_ends_all_processes_even_if_tasks_wait(start, end, line):
    process = start(WAITING.format(end))
    workers = _workers(process)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert line in stderr.splitlines()[-1]
    assert process.returncode == 1
    assert psutil.wait_procs(workers, timeout=PATIENCE)[1] == []


def test_a_process_that_ignores_the_exit_is_ended(start):
    process = start(IGNORES_EXIT)
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    _, stderr = process.communicate(timeout=PATIENCE)
    assert stderr == MESSAGE.format("SIGTERM")
    assert process.returncode == 128 + signal.SIGTERM


def test_a_signal_in_a_finalizer_is_not_lost(start):
    process = start(LOST)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert stderr == MESSAGE.format("SIGTERM")
    assert process.returncode == 128 + signal.SIGTERM


def test_neither_another_signal_nor_a_stage_that_has_stopped_ends_the_process(start):
    process = start(HARMLESS_SIGNALS)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert (stdout, stderr) == ("143\n", MESSAGE.format("SIGTERM"))
    assert process.returncode == 0
