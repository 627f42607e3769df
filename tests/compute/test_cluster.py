"""What happens to a run on Dask workers that differ from it, or are lost."""

import os
import shutil
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from distributed import Client

from fluxprod.compute import cluster as _cluster
from fluxprod.compute import environment as _traits
from fluxprod.compute.environment import difference, environment_of, verify_worker
from fluxprod.compute.tasks import each
from fluxprod.core.errors import DataError
from fluxprod.params import Compute
from tests.conftest import ROOT
from tests.dask_processes import PATIENCE, Cluster, poll


@pytest.fixture
def own(tmp_path):
    """A cluster to be harmed, still without workers."""
    with Cluster(tmp_path) as running:
        yield running


@pytest.fixture
def impatient(monkeypatch):
    """A run that waits a second where it would wait a minute."""
    monkeypatch.setattr(_cluster, "ALONE", 1)
    monkeypatch.setattr(_traits, "UNSEEN", 1)
    for module in (_cluster, _traits):
        monkeypatch.setattr(module, "LOOK", 0.2)


@pytest.fixture(scope="module")
def other_code(tmp_path_factory):
    """Search path to the package with a comment more."""
    folder = tmp_path_factory.mktemp("other")
    shutil.copytree(ROOT / "fluxprod", folder / "fluxprod")
    with (folder / "fluxprod" / "units.py").open("a") as file:
        file.write("# changed\n")
    return f"{folder}{os.pathsep}{ROOT}"  # for the tests


@pytest.fixture(scope="module")
def deadly_code(tmp_path_factory):
    """Folder of a module that hides the package, and kills a process that looks at it."""
    folder = tmp_path_factory.mktemp("deadly")
    (folder / "fluxprod.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    return folder


@pytest.fixture(scope="module")
def no_code(tmp_path_factory):
    """Folder of a module that hides the package."""
    folder = tmp_path_factory.mktemp("none")
    (folder / "fluxprod.py").touch()
    return folder


def run(cluster, tasks=(1, 2, 3), function=str, **how):
    place = Compute(cluster.address, device="cpu", threads=1, processes=1)
    return list(each(function, tasks, place, description="x", **how))


def begin(folder):
    """Begin, and end when told."""
    (folder / f"begun{os.getpid()}").touch()
    poll("word to end", (folder / "end").exists)
    return "done"


def begun(folder):
    return list(folder.glob("begun*"))


def has_errors(dask_scheduler):
    return any(task.state == "erred" for task in dask_scheduler.tasks.values())


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)


def meanwhile(folder, act):
    """Do something once a task has begun."""

    def wait_and_act():
        poll("task begun", lambda: begun(folder))
        act()

    thread = threading.Thread(target=wait_and_act, daemon=True)
    thread.start()
    return thread


@pytest.mark.usefixtures("impatient")
def test_a_cluster_without_workers_is_told(own):
    with pytest.raises(DataError, match=r"scheduler: found no worker for 1 s, .*start workers"):
        run(own)


@pytest.mark.usefixtures("impatient")
def test_the_loss_of_all_workers_is_told(own, tmp_path, capfd):
    worker = own.worker()
    meanwhile(tmp_path, worker.kill)
    with pytest.raises(DataError, match=r"scheduler: found no worker for 1 s, .*start workers"):
        run(own, [tmp_path] * 3, begin)
    assert capfd.readouterr().err == ""


def test_the_loss_of_the_scheduler_is_told(own, tmp_path, capfd):
    own.worker()
    meanwhile(tmp_path, own.scheduler.kill)
    with pytest.raises(DataError, match=r"scheduler: found tcp.* went away, .*run again"):
        run(own, [tmp_path] * 3, begin)
    assert capfd.readouterr().err == ""


def test_a_task_that_kills_four_workers_ends_the_run(own):
    """Four: Dask tries a task three times more."""
    for _ in range(5):
        own.worker()
    with pytest.raises(DataError, match=r"scheduler: found tcp.* every worker died that was given"):
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


def test_a_worker_with_other_code_that_comes_late_is_refused(own, other_code, tmp_path):
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


def test_a_worker_lost_while_it_is_looked_at_is_no_fault(own, deadly_code):
    own.worker()
    lost = own.worker(PYTHONPATH=str(deadly_code))
    assert run(own) == ["1", "2", "3"]
    assert lost.wait(PATIENCE) == -signal.SIGKILL


def test_a_worker_of_two_tasks_at_once_is_refused(own):
    own.worker("--nthreads", "2")
    with pytest.raises(DataError, match=r"found tasks at once 2 at the worker .*--nthreads 1"):
        run(own)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("there", ["nothing", "another one"])
def test_files_that_a_worker_does_not_see_are_named(cluster, tmp_path, monkeypatch, there):
    """The working folder is the process's own: that of the worker is another."""
    name = f"{there}.nc"
    (tmp_path / name).write_text("of the client")
    if there == "another one":
        (cluster.folder / name).write_text("of this worker")
    monkeypatch.chdir(tmp_path)
    seen = Path("/proc/self/cwd") / name
    with pytest.raises(DataError, match=rf"^{seen}: path: found {there} at the worker tcp"):
        run(cluster, files=[seen])


def test_a_worker_that_comes_late_waits_for_files_to_appear(tmp_path, monkeypatch):
    """A network file system that shows a file at the second look again."""
    file, looks = tmp_path / "a.nc", []

    def appear(seconds):
        looks.append(seconds)
        if len(looks) == 2:
            hidden.rename(file)

    file.write_text("1")
    ours = environment_of([file])
    hidden = file.rename(tmp_path / "hidden")
    worker = SimpleNamespace(address="tcp://late:1", state=SimpleNamespace(nthreads=1))
    monkeypatch.setattr("distributed.get_worker", lambda: worker)
    monkeypatch.setattr(_traits, "limit_threads", lambda _: None)  # of this process
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=appear)
    monkeypatch.setattr(_traits, "time", clock)
    verify_worker(ours, 1)
    assert looks == [_traits.LOOK] * 2


def test_traits_tell_files_and_folders_apart(tmp_path):
    file, folder = tmp_path / "a.nc", tmp_path / "folder"
    folder.mkdir()
    file.write_text("1")
    before = environment_of([file, folder])
    assert difference(before, environment_of([file, folder]), "w") is None
    time_of = file.stat().st_mtime
    file.write_text("2")
    os.utime(file, (time_of, time_of + 5))
    assert difference(before, environment_of([file, folder]), "w").source == str(file)
    file.write_text("1")
    os.utime(file, (time_of, time_of))
    (folder / "more").touch()
    assert difference(before, environment_of([file, folder]), "w").source == str(folder)


def test_a_version_is_told_with_its_library():
    ours = (("numpy", "2.4.6"), ("zarr", "3.1.6"))
    fault = difference(ours, (("numpy", "2.4.6"), ("zarr", "3.2.0")), "tcp://other:1")
    assert "found zarr 3.2.0 at the worker tcp://other:1, expected 3.1.6" in str(fault)
