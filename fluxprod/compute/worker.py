"""Worker processes that end with the process that started them, however that one ends."""

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

from fluxprod.core.errors import DataError

HELD = {signal.SIGINT, signal.SIGTERM}


class _Pool(ProcessPoolExecutor):
    """Starts its processes when it gets their first tasks."""

    _call_queue: Any  # of the standard library, which does not declare it

    def submit(self, *args: Any, **kwargs: Any) -> Future:
        with block_signals():
            return super().submit(*args, **kwargs)


@contextmanager
def worker_pool(
    processes: int, begin: Callable[..., None] | None = None, *arguments: Any
) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of processes; whatever ends the block early ends them at once.

    Parameters
    ----------
    processes : int
    begin : callable, optional
        Called once in each, with the arguments.

    Raises
    ------
    DataError
        If a process dies while tasks wait for it.
    """
    spawn = multiprocessing.get_context("spawn")  # a fork would inherit thread pools
    others = set(multiprocessing.active_children())
    with _Pool(processes, spawn, _begin, (begin, arguments)) as pool:
        # Python before 3.11.7 would wait until workers have read all tasks, killed or not
        pool._call_queue.cancel_join_thread()
        try:
            yield pool
        except BaseException as error:
            # the pool would wait: for one that was just starting, for tasks of a lost cause, for
            # what nobody takes any more
            for worker in set(multiprocessing.active_children()) - others:
                worker.kill()
            if isinstance(error, BrokenProcessPool):
                raise worker_died(processes) from error
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def worker_died(processes: int) -> DataError:
    """Say that one of so many processes ended by itself."""
    return DataError(
        "params.yaml", "compute.processes", f"{processes}, of which a worker died", "fewer",
        "it was killed for want of memory, or a library crashed on its file; run again",
    )  # fmt: skip


@contextmanager
def block_signals() -> Iterator[None]:
    """Start processes here, which hear no Ctrl-C: it is for their parent, who ends them.

    A signal waits until they are started: it would leave processes that nobody knows.
    """
    late: list[int] = []
    in_main = threading.current_thread() is threading.main_thread()  # else Python forbids handlers
    waits = {each: signal.signal(each, lambda n, _: late.append(n)) for each in HELD if in_main}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, HELD)  # children inherit it
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for each, handler in waits.items():
            signal.signal(each, handler)
        if late:
            signal.raise_signal(late[0])


def _begin(begin: Callable[..., None] | None, arguments: tuple) -> None:
    end_with_parent()
    if begin:
        begin(*arguments)


def end_with_parent() -> None:
    """Watch the parent from a thread of this worker; without a parent its work is nobody's.

    A killed process cannot stop its workers. They would work on, beside those of the next run.
    """
    signal.set_wakeup_fd(-1)  # a fork has those of its parent
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)  # at once: an exit that tidies up would wait for the work
