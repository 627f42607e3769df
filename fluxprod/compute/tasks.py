"""Many independent tasks of a stage: in this process, in several, or on a Dask cluster.

Local ones may also share this process, in threads, if what they call frees the interpreter.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.progress import track

from fluxprod.compute.cluster import on_cluster
from fluxprod.compute.environment import limit_threads
from fluxprod.compute.worker import worker_pool
from fluxprod.params import Compute


def each(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    compute: Compute,
    *,
    description: str,
    files: Iterable[Path] = (),
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
        of a Dask scheduler.
    description : str
        Of the progress bar.
    files : iterable of Path
        What the tasks read and where they write: Dask workers must see the same there.
    in_threads : bool
        Local tasks run side by side in threads of this process, whose pools the caller limits.

    Yields
    ------
    Results, in the order of the tasks. The first error of a task ends the run as it is.

    Raises
    ------
    DataError
        If a local worker dies, or as `on_cluster` says.
    """
    with _results(function, tasks, compute, in_threads, files) as results:
        yield from track(results, description, total=len(tasks))


@contextmanager
def _results(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    compute: Compute,
    in_threads: bool,
    files: Iterable[Path],
) -> Iterator[Iterable[Any]]:
    workers = min(compute.processes, len(tasks))
    if compute.scheduler != "local":
        with on_cluster(function, tasks, compute, files) as results:
            yield results
    elif workers <= 1:
        yield map(function, tasks)
    elif in_threads:
        with ThreadPoolExecutor(workers) as pool, _in_pool(function, tasks, pool) as results:
            yield results
    else:
        with (
            worker_pool(workers, limit_threads, compute.threads) as processes,
            _in_pool(function, tasks, processes) as results,
        ):
            yield results


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
