"""Run writers in forked processes that share the Earth in memory."""

import multiprocessing
import multiprocessing.connection
import sys
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkProcess
from typing import Any

from fluxprod.compute.worker import block_signals, end_with_parent, worker_died
from fluxprod.core.errors import DataError


def side_by_side(jobs: Sequence[Callable[[], None]], processes: int) -> None:
    """Run every job, at most ``processes`` at a time, each in a process of its own.

    Jobs share what is in memory without a copy and hand nothing back: they write files.

    Raises
    ------
    DataError
        The first one of a job, or if a process was killed.
    RuntimeError
        If a job failed otherwise; its traceback is on standard error.
    """
    context = multiprocessing.get_context("fork")
    errors = context.SimpleQueue()
    waiting, statuses = list(jobs), [0]
    running: list[ForkProcess] = []
    try:
        while running or (waiting and not any(statuses)):
            while waiting and len(running) < processes and not any(statuses):
                running.append(context.Process(target=_work, args=(waiting.pop(0), errors)))
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
    if min(statuses) < 0:  # less the signal's number
        raise worker_died(processes)
    if failures := sum(map(bool, statuses)):
        raise RuntimeError(f"{failures} of {len(jobs)} writers of raw files failed")


def _ended(running: list[ForkProcess]) -> list[int]:
    """Wait until some have ended, and take them out; their statuses."""
    multiprocessing.connection.wait([process.sentinel for process in running])
    ended = [process for process in running if not process.is_alive()]
    for process in ended:
        process.join()
        running.remove(process)
    return [process.exitcode or 0 for process in ended]


def _work(job: Callable[[], None], errors: Any) -> None:
    end_with_parent()
    try:
        job()
    except DataError as error:
        errors.put(error)
        sys.exit(1)
