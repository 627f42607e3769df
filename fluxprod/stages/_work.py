"""Many independent tasks of a stage: in this process, in several, or on a Dask cluster.

Local ones may also share this process, in threads, if what they call frees the interpreter.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from rich.progress import track
from threadpoolctl import threadpool_limits

from fluxprod.errors import DataError
from fluxprod.params import PARAMS_FILE, Compute
from fluxprod.worker import worker_pool

TIMEOUT = 10  # s, to reach the scheduler
THREADS_OF = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def each(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    compute: Compute,
    *,
    description: str,
    in_threads: bool = False,
) -> Iterator[Any]:
    """Run a function on every task, with a progress bar.

    Parameters
    ----------
    function : callable
        At the top level of a module, as tasks and results travel between processes.
    tasks : sequence
    compute : Compute
        ``scheduler`` is ``local`` (``processes`` side by side, each of ``threads``) or the address
        of a Dask scheduler whose workers see the same files under the same paths; their threads
        are those that they were started with.
    description : str
        Of the progress bar.
    in_threads : bool
        Local tasks run side by side in threads of this process, whose pools the caller limits.

    Yields
    ------
    Results, in the order of the tasks. The first error of a task ends the run as it is.

    Raises
    ------
    DataError
        If the scheduler does not answer, or a worker dies.
    """
    with _results(function, tasks, compute, in_threads) as results:
        yield from track(results, description, total=len(tasks))


@contextmanager
def _results(
    function: Callable[[Any], Any], tasks: Sequence[Any], compute: Compute, in_threads: bool
) -> Iterator[Iterable[Any]]:
    workers = min(compute.processes, len(tasks))
    if compute.scheduler != "local":
        with _on_dask(function, tasks, compute.scheduler) as results:
            yield results
    elif workers <= 1:
        yield map(function, tasks)
    elif in_threads:
        with ThreadPoolExecutor(workers) as pool, _in_pool(function, tasks, pool) as results:
            yield results
    else:
        try:
            with (
                worker_pool(workers, _limit_threads, compute.threads) as processes,
                _in_pool(function, tasks, processes) as results,
            ):
                yield results
        except BrokenProcessPool as error:
            raise _died("compute.processes", workers, "fewer") from error


@contextmanager
def _in_pool(
    function: Callable[[Any], Any], tasks: Sequence[Any], pool: Executor
) -> Iterator[Iterable[Any]]:
    futures = deque(pool.submit(function, task) for task in tasks)
    try:
        yield _one_by_one(futures)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _one_by_one(futures: deque) -> Iterator[Any]:
    """Results in order, each forgotten when it was given: those of all tasks can be gigabytes."""
    while futures:
        yield futures.popleft().result()


def _limit_threads(threads: int) -> None:
    """Limit the pools that are there, and those of libraries that load later."""
    os.environ |= dict.fromkeys(THREADS_OF, str(threads))
    threadpool_limits(threads)


def _died(key: str, found: object, expected: str) -> DataError:
    return DataError(
        PARAMS_FILE, key, f"{found}, of which a worker died", expected,
        "it was killed for want of memory, or a raw file crashed its library",
    )  # fmt: skip


@contextmanager
def _on_dask(
    function: Callable[[Any], Any], tasks: Sequence[Any], address: str
) -> Iterator[Iterable[Any]]:
    from distributed import Client, KilledWorker  # half a second to import, for clusters alone

    try:
        client = Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise DataError(
            PARAMS_FILE, "compute.scheduler", f"no answer from {address} ({error})",
            "a Dask scheduler", "start it, or say local",
        ) from error  # fmt: skip
    with client:
        futures = deque(client.map(function, tasks, pure=False, retries=0))
        try:
            yield _one_by_one(futures)
        except KilledWorker as error:
            raise _died("compute.scheduler", address, "workers that stay") from error
        finally:
            client.cancel(list(futures))
