import os
import signal
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from fluxprod.core.errors import DataError
from fluxprod.synthetic.parallel_writers import run_in_processes


def fail():
    raise SystemExit(3)


def test_every_job_runs_once(tmp_path):
    paths = [tmp_path / str(number) for number in range(5)]
    run_in_processes([partial(Path.write_text, path, "done") for path in paths], processes=2)
    assert [path.read_text() for path in paths] == ["done"] * 5


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_failed_job_is_reported(tmp_path, position):
    jobs = [partial(Path.write_text, tmp_path / "a", "done") for _ in range(2)]
    jobs.insert(position, fail)
    with pytest.raises(RuntimeError, match="1 of 3 writers"):
        run_in_processes(jobs, processes=1)


def full():
    raise DataError("data/raw", "disk", "no space left", "room")


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("job", "line"),
    [(full, "^data/raw: disk: found no space left, expected room$"), (killed, "a worker died")],
)
def test_the_error_of_a_job_is_passed_on(job, line):
    with pytest.raises(DataError, match=line):
        run_in_processes([job, job], processes=2)


def interrupt():
    os.kill(os.getppid(), signal.SIGUSR1)
    time.sleep(600)


def test_an_interruption_leaves_no_job_running():
    run_in_processes([], processes=2)  # starts the process in which Python tracks semaphores
    before = signal.signal(signal.SIGUSR1, signal.default_int_handler)
    children = set(psutil.Process().children())
    try:
        with pytest.raises(KeyboardInterrupt):
            run_in_processes([interrupt], processes=2)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert set(psutil.Process().children()) == children  # zombies count, too
