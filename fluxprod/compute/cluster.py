"""Tasks on the workers of a Dask cluster.

Those of a worker that is lost are done again by others, perhaps while it is still at them: a task
has to write the same bytes however often it is done.
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

from fluxprod.compute.code import package_digest
from fluxprod.compute.environment import (
    LOOK,
    Environment,
    difference,
    environment_of,
    raise_lasting,
    verify_worker,
)
from fluxprod.core.errors import DataError
from fluxprod.params import PARAMS_FILE, Compute

if TYPE_CHECKING:  # half a second to import, for clusters alone
    from distributed import Client, Future, Worker

ANSWER = 10  # s, for the scheduler to answer
ALONE = 60  # s without a worker: they may be starting, or starting again


@contextmanager
def on_cluster(
    function: Callable[[Any], Any], tasks: Sequence[Any], compute: Compute, files: Iterable[Path]
) -> Iterator[Iterable[Any]]:
    """Give the results of a function on every task, in their order.

    Parameters
    ----------
    function : callable
    tasks : sequence
    compute : Compute
        ``scheduler`` is an address; each worker uses ``threads``.
    files : iterable of Path
        What workers must see as this process does; absolute.

    Raises
    ------
    DataError
        If the scheduler does not answer or goes away, if there is no worker for a while, if one
        is not like this process, or if too many die of a task.
    """
    from distributed import KilledWorker

    if not tasks:
        yield ()
        return
    with _connected(compute.scheduler) as client:
        ours = environment_of(files)
        _refuse_others(client, ours)
        task = partial(_do, function, ours, compute.threads)
        futures = deque(client.map(task, tasks, pure=False, retries=0))
        try:
            yield _one_by_one(client, futures)
        except KilledWorker as error:
            raise _fault(
                f"{compute.scheduler}, where every worker died that was given a certain task",
                "workers that stay",
                "it was killed for want of memory, or a raw file crashed its library",
            ) from error
        finally:
            if client.status == "running":
                client.cancel(list(futures))


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    """A client whose library says nothing on the screen."""
    from distributed import Client
    from distributed.comm import CommClosedError

    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        found = f"no answer from {address} ({error})"
        raise _fault(found, "a Dask scheduler", "start it, or say local") from error
    with client:
        try:
            yield client
        except (CancelledError, OSError) as error:
            of_task = not isinstance(error, CancelledError | CommClosedError)
            if of_task and client.status == "running":
                raise
            found = f"{address}, which went away"
            raise _fault(found, "a scheduler that stays", "start it, and run again") from error


def _fault(found: str, expected: str, advice: str) -> DataError:
    return DataError(PARAMS_FILE, "compute.scheduler", found, expected, advice)


def _refuse_others(client: "Client", ours: Environment) -> None:
    """Refuse workers that are not like this process."""
    try:
        client.wait_for_workers(1, timeout=ALONE)
    except TimeoutError:
        raise _alone() from None
    try:
        client.run_on_scheduler(package_digest)  # it unpacks tasks
    except Exception as error:
        raise _without_us(error, "the scheduler") from error
    files = [name for name, _ in ours if isinstance(name, Path)]
    raise_lasting(lambda: _first_fault(client, ours, files))


def _first_fault(client: "Client", ours: Environment, files: list[Path]) -> DataError | None:
    for worker, theirs in client.run(_traits_of, files, on_error="return").items():
        if isinstance(theirs, OSError):  # lost meanwhile; if it is not, `verify_worker` looks at it
            continue
        if isinstance(theirs, Exception):
            return _without_us(theirs, f"the worker {worker}")
        if fault := difference(ours, theirs, worker):
            return fault
    return None


def _without_us(error: Exception, place: str) -> DataError:
    found = f"{type(error).__name__} ({error}) at {place}"
    return _fault(found, "fluxprod", "start it from the same installation as this run")


def _traits_of(files: list[Path], dask_worker: "Worker") -> Environment:
    return environment_of(files, dask_worker.state.nthreads)


def _do(function: Callable[[Any], Any], ours: Environment, threads: int, task: Any) -> Any:
    """Run a task on a worker, which may have come after the others were looked at."""
    verify_worker(ours, threads)
    return function(task)


def _one_by_one(client: "Client", futures: deque["Future"]) -> Iterator[Any]:
    """Results in order, each forgotten when it was given."""
    while futures:
        yield _result(client, futures[0])
        futures.popleft()


def _result(client: "Client", future: "Future") -> Any:
    """Wait for a result as long as there is a worker."""
    seen = time.monotonic()
    while True:
        try:
            return future.result(timeout=LOOK)
        except TimeoutError:
            if future.status == "error":  # the task's own
                raise
        now = time.monotonic()
        seen = now if client.nthreads() else seen
        if now - seen > ALONE:
            raise _alone()


def _alone() -> DataError:
    return _fault(f"no worker for {ALONE} s", "one at least", "start workers, and run again")
