"""Runs on Dask workers that differ from the process that started the run, or are lost."""

import os
import shutil
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from distributed import Client

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers import cluster as _cluster
from fluxprod.compute.workers import environment as _environment
from fluxprod.compute.workers.environment import (
    describe_environment,
    first_difference,
    verify_worker,
)
from fluxprod.compute.workers.tasks import map_tasks
from fluxprod.core.errors import DataError
from tests.conftest import ROOT
from tests.dask_processes import PATIENCE, Cluster, poll


@pytest.fixture
def own(tmp_path):
    """A cluster of the test's own, still without workers."""
    with Cluster(tmp_path) as running:
        yield running


@pytest.fixture
def impatient(monkeypatch):
    """Timeouts of one second instead of a minute."""
    monkeypatch.setattr(_cluster, "NO_WORKER_TIMEOUT", 1)
    monkeypatch.setattr(_environment, "FILE_TIMEOUT", 1)
    for module in (_cluster, _environment):
        monkeypatch.setattr(module, "RETRY_INTERVAL", 0.2)


@pytest.fixture(scope="module")
def other_code(tmp_path_factory):
    """Search path to a copy of the package with one more comment."""
    folder = tmp_path_factory.mktemp("other")
    shutil.copytree(ROOT / "fluxprod", folder / "fluxprod")
    with (folder / "fluxprod" / "core" / "units.py").open("a") as file:
        file.write("# changed\n")
    return f"{folder}{os.pathsep}{ROOT}"  # the root, for the tests


@pytest.fixture(scope="module")
def deadly_code(tmp_path_factory):
    """Folder with a module that hides the package and kills the process that imports it."""
    folder = tmp_path_factory.mktemp("deadly")
    (folder / "fluxprod.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    return folder


@pytest.fixture(scope="module")
def no_code(tmp_path_factory):
    """Folder with a module that hides the package."""
    folder = tmp_path_factory.mktemp("none")
    (folder / "fluxprod.py").touch()
    return folder


def run(cluster, tasks=(1, 2, 3), function=str, **how):
    place = ComputeSettings(scheduler=cluster.address, device="cpu", threads=1, processes=1)
    return list(map_tasks(function, tasks, place, description="x", **how))


def begin(folder):
    """Report the start, then wait for the file ``end``."""
    (folder / f"begun{os.getpid()}").touch()
    poll("file end", (folder / "end").exists)
    return "done"


def begun(folder):
    return list(folder.glob("begun*"))


def has_errors(dask_scheduler):
    return any(task.state == "erred" for task in dask_scheduler.tasks.values())


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)


def meanwhile(folder, act):
    """Call a function in a thread once a task has begun."""

    def wait_and_act():
        poll("task begun", lambda: begun(folder))
        act()

    thread = threading.Thread(target=wait_and_act, daemon=True)
    thread.start()
    return thread


@pytest.mark.usefixtures("impatient")
def test_a_cluster_without_workers_is_reported(own):
    with pytest.raises(DataError, match=r"scheduler: found no worker for 1 s, .*start workers"):
        run(own)


@pytest.mark.usefixtures("impatient")
def test_the_loss_of_all_workers_is_reported(own, tmp_path, capfd):
    worker = own.worker()
    meanwhile(tmp_path, worker.kill)
    with pytest.raises(DataError, match=r"scheduler: found no worker for 1 s, .*start workers"):
        run(own, [tmp_path] * 3, begin)
    assert capfd.readouterr().err == ""


def test_the_loss_of_the_scheduler_is_reported(own, tmp_path, capfd):
    own.worker()
    meanwhile(tmp_path, own.scheduler.kill)
    with pytest.raises(DataError, match=r"scheduler: found tcp.* disappeared, .*run again"):
        run(own, [tmp_path] * 3, begin)
    assert capfd.readouterr().err == ""


def test_a_task_that_kills_four_workers_ends_the_run(own):
    """Four workers, because Dask repeats a task three times."""
    for _ in range(5):
        own.worker()
    with pytest.raises(
        DataError, match=r"scheduler: found tcp.* one task killed every worker that ran it"
    ):
        run(own, [0], die)


@pytest.mark.parametrize("place", ["scheduler", "worker"])
def test_a_cluster_without_fluxprod_is_refused(tmp_path, no_code, place):
    paths = {place: {"PYTHONPATH": str(no_code)}}
    with Cluster(tmp_path, **paths.get("scheduler", {})) as cluster:
        cluster.worker(**paths.get("worker", {}))
        with pytest.raises(DataError, match=rf"No module named 'fluxprod.*at the {place}"):
            run(cluster)


def test_a_worker_with_other_code_is_refused(own, other_code):
    own.worker()
    own.worker(PYTHONPATH=other_code)
    with pytest.raises(DataError, match=r"found code of fluxprod \w+ at the worker tcp"):
        run(own)


def test_a_worker_with_other_code_that_joins_late_is_refused(own, other_code, tmp_path):
    def join_and_end():
        own.worker(PYTHONPATH=other_code)
        with Client(own.address, set_as_default=False) as client:
            poll("error", lambda: client.run_on_scheduler(has_errors))
        (tmp_path / "end").touch()

    own.worker()
    thread = meanwhile(tmp_path, join_and_end)
    with pytest.raises(DataError, match=r"found code of fluxprod \w+ at the worker tcp"):
        run(own, [tmp_path] * 6, begin)
    thread.join()
    assert len(begun(tmp_path)) == 1  # process


def test_a_worker_lost_during_verification_is_not_a_fault(own, deadly_code):
    own.worker()
    lost = own.worker(PYTHONPATH=str(deadly_code))
    assert run(own) == ["1", "2", "3"]
    assert lost.wait(PATIENCE) == -signal.SIGKILL


def test_a_worker_with_two_threads_is_refused(own):
    own.worker("--nthreads", "2")
    with pytest.raises(DataError, match=r"found tasks at once 2 at the worker .*--nthreads 1"):
        run(own)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("found", ["nothing", "another one"])
def test_files_that_a_worker_does_not_see_are_named(cluster, tmp_path, monkeypatch, found):
    """The path leads to each process's own working folder, so the worker sees another file."""
    name = f"{found}.nc"
    (tmp_path / name).write_text("of the client")
    if found == "another one":
        (cluster.folder / name).write_text("of this worker")
    monkeypatch.chdir(tmp_path)
    seen = Path("/proc/self/cwd") / name
    with pytest.raises(DataError, match=rf"^{seen}: path: found {found} at the worker tcp"):
        run(cluster, files=[seen])


def test_a_late_worker_waits_for_files_to_appear(tmp_path, monkeypatch):
    """Simulate a network file system that shows a file only at the third check."""
    file, waits = tmp_path / "a.nc", []

    def appear(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            hidden.rename(file)

    file.write_text("1")
    ours = describe_environment([file])
    hidden = file.rename(tmp_path / "hidden")
    worker = SimpleNamespace(address="tcp://late:1", state=SimpleNamespace(nthreads=1))
    monkeypatch.setattr("distributed.get_worker", lambda: worker)
    monkeypatch.setattr(_environment, "limit_threads", lambda _: None)  # not in this process
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=appear)
    monkeypatch.setattr(_environment, "time", clock)
    verify_worker(ours, 1)
    assert waits == [_environment.RETRY_INTERVAL] * 2


def test_changed_files_and_folders_are_noticed(tmp_path):
    file, folder = tmp_path / "a.nc", tmp_path / "folder"
    folder.mkdir()
    file.write_text("1")
    before = describe_environment([file, folder])
    assert first_difference(before, describe_environment([file, folder]), "w") is None
    mtime = file.stat().st_mtime
    file.write_text("2")
    os.utime(file, (mtime, mtime + 5))
    assert first_difference(before, describe_environment([file, folder]), "w").source == str(file)
    file.write_text("1")
    os.utime(file, (mtime, mtime))
    (folder / "more").touch()
    assert first_difference(before, describe_environment([file, folder]), "w").source == str(folder)


def test_a_version_is_reported_with_its_library():
    ours = (("numpy", "2.4.6"), ("zarr", "3.1.6"))
    fault = first_difference(ours, (("numpy", "2.4.6"), ("zarr", "3.2.0")), "tcp://other:1")
    assert "found zarr 3.2.0 at the worker tcp://other:1, expected 3.1.6" in str(fault)
