"""Writers of raw files in forked processes, which share the synthetic Earth in memory."""

import multiprocessing
import multiprocessing.connection
import sys
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkProcess
from typing import Any

from fluxprod.compute.workers.worker import block_signals, end_with_parent, worker_died
from fluxprod.core.errors import DataError


def run_in_processes(jobs: Sequence[Callable[[], None]], processes: int) -> None:
    """Run each job in a process of its own, at most ``processes`` at a time.

    The processes are forked, so that all jobs share the parent's memory without copies. Jobs
    write files and return nothing.

    Raises
    ------
    DataError
        If a job raises one (the first is passed on), or if a process is killed.
    RuntimeError
        If a job fails in another way; its traceback is on standard error.
    """
    context = multiprocessing.get_context("fork")
    errors = context.SimpleQueue()
    waiting, statuses = list(jobs), [0]
    running: list[ForkProcess] = []
    try:
        while running or (waiting and not any(statuses)):
            while waiting and len(running) < processes and not any(statuses):
                running.append(context.Process(target=_run_job, args=(waiting.pop(0), errors)))
                with block_signals():
                    running[-1].start()
            statuses += _ended(running)
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.join()
    if not errors.empty():
        raise errors.get()
    if min(statuses) < 0:  # minus the number of the signal that killed the process
        raise worker_died(processes)
    if failures := sum(map(bool, statuses)):
        raise RuntimeError(f"{failures} of {len(jobs)} writers of raw files failed")


def _ended(running: list[ForkProcess]) -> list[int]:
    """Wait until processes end, remove them from ``running``, and return their exit statuses."""
    multiprocessing.connection.wait([process.sentinel for process in running])
    ended = [process for process in running if not process.is_alive()]
    for process in ended:
        process.join()
        running.remove(process)
    return [process.exitcode or 0 for process in ended]


def _run_job(job: Callable[[], None], errors: Any) -> None:
    end_with_parent()
    try:
        job()
    except DataError as error:
        errors.put(error)
        sys.exit(1)
