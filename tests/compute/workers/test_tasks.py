"""Tasks in one process, in two, and on a Dask cluster of this machine."""

import os
import signal
import threading
import time

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.tasks import map_tasks
from fluxprod.core.errors import DataError


def compute(**changes):
    return ComputeSettings(
        **({"scheduler": "local", "device": "cpu", "threads": 1, "processes": 1} | changes)
    )


def square_and_process(number):
    return number**2, os.getpid()


def fail_at_two(number):
    if number == 2:
        raise DataError("era5/t2m.nc", "t2m", "no day", "all days", "get it again")
    return number


def threads_of_pools(_):
    np.ones((2, 2)) @ np.ones((2, 2))
    return os.environ["OMP_NUM_THREADS"], {pool["num_threads"] for pool in threadpool_info()}


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(params=["one process", "two processes", "dask"])
def place(request):
    if request.param == "dask":
        return compute(scheduler=request.getfixturevalue("cluster").address)
    return compute(processes=2 if request.param == "two processes" else 1)


def test_results_come_in_the_order_of_the_tasks(place):
    found = list(map_tasks(square_and_process, range(7), place, description="squares"))
    assert [square for square, _ in found] == [0, 1, 4, 9, 16, 25, 36]
    inside = {process == os.getpid() for _, process in found}
    assert inside == {place.scheduler == "local" and place.processes == 1}


def test_an_error_keeps_all_its_fields(place):
    with pytest.raises(
        DataError, match="era5/t2m.nc: t2m: found no day, .*; get it again"
    ) as found:
        list(map_tasks(fail_at_two, range(4), place, description="squares"))
    assert found.value.action == "get it again"


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr("fluxprod.compute.workers.cluster.CONNECT_TIMEOUT", 1)
    with pytest.raises(DataError, match=r"compute.scheduler: found no answer from tcp://127"):
        list(
            map_tasks(
                square_and_process, [1], compute(scheduler="tcp://127.0.0.1:9"), description="x"
            )
        )


def test_an_impossible_scheduler_is_refused():
    with pytest.raises(ValueError, match="scheduler 'cluster', which is neither local nor"):
        compute(scheduler="cluster")


@pytest.mark.parametrize("threads", [1, 2])
def test_processes_have_the_requested_threads(threads):
    place = compute(processes=2, threads=threads)
    for environment, pools in map_tasks(threads_of_pools, range(2), place, description="pools"):
        assert environment == str(threads)
        assert pools == {threads}


@pytest.mark.parametrize("threads", [2, 1])
def test_dask_workers_have_the_requested_threads(cluster, threads):
    place = compute(scheduler=cluster.address, threads=threads)
    assert list(map_tasks(threads_of_pools, range(1), place, description="pools")) == [
        (str(threads), {threads})
    ]


def test_a_killed_process_is_reported_in_one_line():
    with pytest.raises(DataError, match=r"compute.processes: found 2, of which a worker died"):
        list(map_tasks(die, range(2), compute(processes=2), description="x"))


def test_no_task_gives_no_result(place):
    assert list(map_tasks(square_and_process, [], place, description="none")) == []


TWO = threading.Barrier(2)


def meet(number):
    TWO.wait(timeout=20)
    return number, os.getpid()


def test_threads_run_in_parallel_in_this_process():
    found = list(map_tasks(meet, range(6), compute(processes=2), description="x", in_threads=True))
    assert found == [(number, os.getpid()) for number in range(6)]


def test_an_error_in_a_thread_ends_the_run():
    begun = []

    def fail(number):
        begun.append(number)
        time.sleep(0.02)
        return fail_at_two(number)

    with pytest.raises(DataError, match="era5/t2m.nc"):
        list(map_tasks(fail, range(500), compute(processes=2), description="x", in_threads=True))
    assert len(begun) < 500
