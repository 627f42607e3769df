"""Tasks on the workers of a Dask cluster.

Other workers repeat the tasks of a lost worker, perhaps while it is still running them. A task must
therefore write the same bytes however often it runs.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.code import package_digest
from fluxprod.compute.workers.environment import (
    RETRY_INTERVAL,
    Environment,
    describe_environment,
    first_difference,
    raise_persistent_fault,
    verify_worker,
)
from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError

if TYPE_CHECKING:  # takes half a second to import, and only clusters need it
    from distributed import Client, Future, Worker

CONNECT_TIMEOUT = 10  # s for the scheduler to answer
NO_WORKER_TIMEOUT = 60  # s without a worker; workers may be starting or restarting


@contextmanager
def on_cluster(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    compute: ComputeSettings,
    files: Iterable[Path],
) -> Iterator[Iterable[Any]]:
    """Provide the results of a function for every task, in the order of the tasks.

    Parameters
    ----------
    function : callable
        A function at the top level of a module, because it is sent to other processes.
    tasks : sequence
        Arguments of ``function``, one for each call.
    compute : ComputeSettings
        ``scheduler`` is an address; each worker uses ``threads`` threads.
    files : iterable of Path
        Absolute paths of files and folders that workers must see as this process does.

    Yields
    ------
    iterable
        Results of the tasks.

    Raises
    ------
    DataError
        If the scheduler does not answer or disappears, if there is no worker for
        `NO_WORKER_TIMEOUT`, if a worker differs from this process, or if one task kills several
        workers.
    """
    from distributed import KilledWorker

    if not tasks:
        yield ()
        return
    with _connected(compute.scheduler) as client:
        ours = describe_environment(files)
        _verify_environments(client, ours)
        task = partial(_run_task, function, ours, compute.threads)
        futures = deque(client.map(task, tasks, pure=False, retries=0))
        try:
            yield _results_in_order(client, futures)
        except KilledWorker as error:
            raise _scheduler_error(
                f"{compute.scheduler}, where one task killed every worker that ran it",
                "workers that survive",
                "they were killed for lack of memory, or a raw file crashed a library",
            ) from error
        finally:
            if client.status == "running":
                client.cancel(list(futures))


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    """Connect to the scheduler, with the messages of Dask switched off."""
    from distributed import Client
    from distributed.comm.core import CommClosedError

    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        found = f"no answer from {address} ({error})"
        raise _scheduler_error(
            found, "a Dask scheduler", "start it, or set compute.scheduler to local"
        ) from error
    with client:
        try:
            yield client
        except (CancelledError, OSError) as error:
            of_task = not isinstance(error, CancelledError | CommClosedError)
            if of_task and client.status == "running":
                raise
            found = f"{address}, which disappeared"
            advice = "start it, then run again"
            raise _scheduler_error(found, "a scheduler that keeps running", advice) from error


def _scheduler_error(found: str, expected: str, advice: str) -> DataError:
    return DataError(PARAMS_FILE, "compute.scheduler", found, expected, advice)


def _verify_environments(client: "Client", ours: Environment) -> None:
    """Raise a DataError if the scheduler lacks fluxprod or a worker differs from this process."""
    try:
        client.wait_for_workers(1, timeout=NO_WORKER_TIMEOUT)
    except TimeoutError:
        raise _no_worker_error() from None
    try:
        client.run_on_scheduler(package_digest)  # the scheduler unpickles tasks
    except Exception as error:
        raise _without_fluxprod(error, "the scheduler") from error
    files = [name for name, _ in ours if isinstance(name, Path)]
    raise_persistent_fault(lambda: _first_fault(client, ours, files))


def _first_fault(client: "Client", ours: Environment, files: list[Path]) -> DataError | None:
    for worker, theirs in client.run(_worker_environment, files, on_error="return").items():
        if isinstance(theirs, OSError):  # a lost worker; `verify_worker` checks it if it returns
            continue
        if isinstance(theirs, Exception):
            return _without_fluxprod(theirs, f"the worker {worker}")
        if fault := first_difference(ours, theirs, worker):
            return fault
    return None


def _without_fluxprod(error: Exception, place: str) -> DataError:
    found = f"{type(error).__name__} ({error}) at {place}"
    return _scheduler_error(found, "fluxprod", "start it from the same installation as this run")


def _worker_environment(files: list[Path], dask_worker: "Worker") -> Environment:
    return describe_environment(files, dask_worker.state.nthreads)


def _run_task(function: Callable[[Any], Any], ours: Environment, threads: int, task: Any) -> Any:
    """Run a task on a worker, which may have joined after the others were verified."""
    verify_worker(ours, threads)
    return function(task)


def _results_in_order(client: "Client", futures: deque["Future"]) -> Iterator[Any]:
    """Yield results in order and keep none."""
    while futures:
        yield _result(client, futures[0])
        futures.popleft()


def _result(client: "Client", future: "Future") -> Any:
    """Wait for a result while there are workers."""
    last_seen = time.monotonic()
    while True:
        try:
            return future.result(timeout=RETRY_INTERVAL)
        except TimeoutError:
            if future.status == "error":  # the task itself raised it
                raise
        now = time.monotonic()
        last_seen = now if client.nthreads() else last_seen
        if now - last_seen > NO_WORKER_TIMEOUT:
            raise _no_worker_error()


def _no_worker_error() -> DataError:
    found = f"no worker for {NO_WORKER_TIMEOUT} s"
    return _scheduler_error(found, "at least one", "start workers, then run again")
