"""Independent tasks of a stage, run in this process, in several, or on a Dask cluster.

Local tasks may also run in threads of this process, if the code they call releases the GIL.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.progress import track

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.cluster import on_cluster
from fluxprod.compute.workers.environment import limit_threads
from fluxprod.compute.workers.worker import worker_pool


def map_tasks(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    compute: ComputeSettings,
    *,
    description: str,
    files: Iterable[Path] = (),
    in_threads: bool = False,
) -> Iterator[Any]:
    """Apply a function to every task, with a progress bar.

    Parameters
    ----------
    function : callable
        A function at the top level of a module, because it is sent to other processes.
    tasks : sequence
        Arguments of ``function``, one for each call.
    compute : ComputeSettings
        ``scheduler`` is ``local`` (``processes`` in parallel, each with ``threads`` threads) or the
        address of a Dask scheduler.
    description : str
        Label of the progress bar.
    files : iterable of Path
        Files and folders that the tasks read or write, and that Dask workers must see under the
        same paths.
    in_threads : bool
        Whether local tasks run in threads of this process instead of in processes of their own. The
        caller then limits the thread pools of libraries.

    Yields
    ------
    object
        Results, in the order of the tasks. The first error of a task ends the run unchanged.

    Raises
    ------
    DataError
        If a local worker dies, and in the cases that `on_cluster` lists.
    """
    with _results(function, tasks, compute, in_threads, files) as results:
        yield from track(results, description, total=len(tasks))


@contextmanager
def _results(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    compute: ComputeSettings,
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
        yield _results_in_order(futures)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _results_in_order(futures: deque[Future]) -> Iterator[Any]:
    """Yield results in order and keep none, because those of all tasks may fill gigabytes."""
    while futures:
        yield futures.popleft().result()
