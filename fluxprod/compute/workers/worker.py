"""Worker processes that end with the process that started them, in whatever way it ends."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any

from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError

BLOCKED = {signal.SIGINT, signal.SIGTERM}


class _Pool(ProcessPoolExecutor):
    """A pool whose processes, which start with their first tasks, ignore Ctrl-C."""

    _call_queue: Any  # private to the standard library, which does not declare it

    def submit(self, *args: Any, **kwargs: Any) -> Future:
        with block_signals():
            return super().submit(*args, **kwargs)


@contextmanager
def worker_pool(
    processes: int, initializer: Callable[..., None] | None = None, *arguments: Any
) -> Iterator[ProcessPoolExecutor]:
    """Provide a pool of processes; if the block ends early, they end at once.

    Parameters
    ----------
    processes : int
        Number of processes.
    initializer : callable, optional
        Called once in each process.
    *arguments
        Arguments of ``initializer``.

    Raises
    ------
    DataError
        If a process dies while tasks wait for it.
    """
    spawn = multiprocessing.get_context("spawn")  # a fork would inherit thread pools
    others = set(multiprocessing.active_children())
    with _Pool(processes, spawn, _start_worker, (initializer, arguments)) as pool:
        # Python before 3.11.7 would wait until workers have read all tasks, killed or not
        pool._call_queue.cancel_join_thread()
        try:
            yield pool
        except BaseException as error:
            # the pool itself would wait for processes that are still starting, and for tasks
            # whose results nobody will use
            for worker in set(multiprocessing.active_children()) - others:
                worker.kill()
            if isinstance(error, BrokenProcessPool):
                raise worker_died(processes) from error
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def worker_died(processes: int) -> DataError:
    """Make the error for a worker process, one of ``processes``, that died."""
    return DataError(
        PARAMS_FILE, "compute.processes", f"{processes}, of which a worker died", "fewer",
        "it was killed for lack of memory, or a library crashed on its file; run again",
    )  # fmt: skip


@contextmanager
def block_signals() -> Iterator[None]:
    """Block SIGINT and SIGTERM while processes start.

    The new processes inherit the mask and so ignore Ctrl-C: their parent receives it and ends them.
    A signal to the parent is handled after the block; earlier, it would leave processes that the
    parent does not know.
    """
    pending: list[int] = []
    in_main = threading.current_thread() is threading.main_thread()  # else Python forbids handlers
    previous = {
        each: signal.signal(each, lambda number, _: pending.append(number))
        for each in BLOCKED
        if in_main
    }
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, BLOCKED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for each, handler in previous.items():
            signal.signal(each, handler)
        if pending:
            signal.raise_signal(pending[0])


def _start_worker(initializer: Callable[..., None] | None, arguments: tuple) -> None:
    end_with_parent()
    if initializer:
        initializer(*arguments)


def end_with_parent() -> None:
    """Watch the parent from a thread of this worker, and end the worker when the parent ends.

    A killed process cannot stop its workers, which would otherwise keep running alongside those of
    the next run.
    """
    signal.set_wakeup_fd(-1)  # a fork inherits its parent's
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_after, args=(parent.sentinel,), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)  # at once: an orderly exit would wait for the current task
