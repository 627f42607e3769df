"""A killed parent leaves no worker of any kind; one that is asked to stop leaves none either."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.conftest import ROOT

PATIENCE = 60.0  # s, for machines that are busy
LONG = 600  # s that a task would take
POOL = f"""
import time
from fluxprod.params import Compute
from fluxprod.compute.tasks import each
list(each(time.sleep, [{LONG}] * 3, Compute("local", "cpu", 1, 2), description="sleep"))
"""
FORKS = f"""
import time
from functools import partial
from fluxprod.synthetic.parallel_writers import side_by_side
side_by_side([partial(time.sleep, {LONG})] * 3, 2)
"""
# Tasks wait in a pipe that holds 64 KiB when one fails, or takes its worker with it.
WAITING = f"""
from fluxprod.params import Compute
from fluxprod.compute.tasks import each
sleep, last = "__import__('time').sleep({LONG})", "__import__('time').sleep(0.5), {{}}"
tasks = [task.ljust(200_000) for task in ["0", last, *[sleep] * 10]]
list(each(eval, tasks, Compute("local", "cpu", 1, 2), description="wait"))
"""
SAID = "test: stopped by {}; run again, it goes on\n"
DEAF = f"""
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
SPARED = """
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
# the signal comes within a finalizer, of which Python lets no exit out
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
    """Starts code in a group of its own; what still runs at the end of a test is killed."""
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
    """Both of them, which may still be starting."""
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
def test_a_signal_ends_all_with_one_line(start, code, number, send):
    process = start(STOPPABLE + indented(code))
    workers = _workers(process)
    send(process.pid, number)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert stderr.endswith(SAID.format(number.name))
    assert "Traceback" not in stderr
    assert process.returncode == 128 + number
    assert psutil.wait_procs(workers, timeout=PATIENCE)[1] == []


@pytest.mark.parametrize(
    ("end", "line"),
    [("1 / 0", "ZeroDivisionError"), ("__import__('os')._exit(1)", "of which a worker died")],
)
def test_an_error_ends_all_however_much_waits(start, end, line):
    process = start(WAITING.format(end))
    workers = _workers(process)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert line in stderr.splitlines()[-1]
    assert process.returncode == 1
    assert psutil.wait_procs(workers, timeout=PATIENCE)[1] == []


def test_what_does_not_stop_when_asked_is_ended(start):
    process = start(DEAF)
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    _, stderr = process.communicate(timeout=PATIENCE)
    assert stderr == SAID.format("SIGTERM")
    assert process.returncode == 128 + signal.SIGTERM


def test_a_signal_that_meets_a_finalizer_is_not_lost(start):
    process = start(LOST)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert stderr == SAID.format("SIGTERM")
    assert process.returncode == 128 + signal.SIGTERM


def test_neither_another_signal_nor_a_stage_that_has_stopped_ends_the_process(start):
    process = start(SPARED)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert (stdout, stderr) == ("143\n", SAID.format("SIGTERM"))
    assert process.returncode == 0
