"""Many independent tasks of a stage: in this process, in several, or on a Dask cluster."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from rich.progress import track
from threadpoolctl import threadpool_limits

from fluxprod.errors import DataError
from fluxprod.params import PARAMS_FILE, Compute

TIMEOUT = 10  # s, to reach the scheduler


def each(
    function: Callable[[Any], Any], tasks: Sequence[Any], compute: Compute, *, description: str
) -> Iterator[Any]:
    """Run a function on every task, with a progress bar.

    Parameters
    ----------
    function : callable
        At the top level of a module, as tasks and results travel between processes.
    tasks : sequence
    compute : Compute
        ``scheduler`` is ``local`` (``processes`` side by side) or the address of a Dask scheduler
        whose workers see the same files under the same paths.
    description : str
        Of the progress bar.

    Yields
    ------
    Results, in the order of the tasks. The first error of a task ends the run as it is.
    """
    with _results(function, tasks, compute) as results:
        yield from track(results, description, total=len(tasks))


@contextmanager
def _results(
    function: Callable[[Any], Any], tasks: Sequence[Any], compute: Compute
) -> Iterator[Iterable[Any]]:
    if compute.scheduler != "local":
        with _on_dask(function, tasks, compute.scheduler) as results:
            yield results
    elif min(compute.processes, len(tasks)) <= 1:
        yield map(function, tasks)
    else:
        spawn = multiprocessing.get_context("spawn")  # a fork would inherit thread pools
        workers = min(compute.processes, len(tasks))
        with ProcessPoolExecutor(workers, spawn, _limit_threads, (compute.threads,)) as pool:
            futures = [pool.submit(function, task) for task in tasks]
            try:
                yield (future.result() for future in futures)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


def _limit_threads(threads: int) -> None:
    threadpool_limits(threads)


@contextmanager
def _on_dask(
    function: Callable[[Any], Any], tasks: Sequence[Any], address: str
) -> Iterator[Iterable[Any]]:
    from distributed import Client  # half a second to import, for clusters alone

    try:
        client = Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise DataError(
            PARAMS_FILE, "compute.scheduler", f"no answer from {address} ({error})",
            "a Dask scheduler", "start it, or say local",
        ) from error  # fmt: skip
    with client:
        futures = client.map(function, tasks, pure=False, retries=0)
        try:
            yield (future.result() for future in futures)
        finally:
            client.cancel(futures)
