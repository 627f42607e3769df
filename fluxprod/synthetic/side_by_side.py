"""Run writers in forked processes that share the Earth in memory."""

import multiprocessing
import multiprocessing.connection
import sys
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkProcess
from typing import Any

from fluxprod.errors import DataError
from fluxprod.worker import deaf_children, end_with_parent


def side_by_side(jobs: Sequence[Callable[[], None]], processes: int) -> None:
    """Run every job, at most ``processes`` at a time, each in a process of its own.

    Jobs share what is in memory without a copy and hand nothing back: they write files.

    Raises
    ------
    DataError
        The first one of a job.
    RuntimeError
        If a job failed otherwise; its traceback is on standard error.
    """
    context = multiprocessing.get_context("fork")
    errors = context.SimpleQueue()
    waiting, failures = list(jobs), 0
    running: list[ForkProcess] = []
    try:
        while running or (waiting and not failures):
            while waiting and len(running) < processes and not failures:
                running.append(context.Process(target=_work, args=(waiting.pop(0), errors)))
                with deaf_children():
                    running[-1].start()
            failures += _failures(running)
    finally:
        for process in running:
            process.kill()
    if not errors.empty():
        raise errors.get()
    if failures:
        raise RuntimeError(f"{failures} of {len(jobs)} writers of raw files failed")


def _failures(running: list[ForkProcess]) -> int:
    """Wait until some have ended, and take them out; how many failed."""
    multiprocessing.connection.wait([process.sentinel for process in running])
    ended = [process for process in running if not process.is_alive()]
    for process in ended:
        process.join()
        running.remove(process)
    return sum(process.exitcode != 0 for process in ended)


def _work(job: Callable[[], None], errors: Any) -> None:
    end_with_parent()
    try:
        job()
    except DataError as error:
        errors.put(error)
        sys.exit(1)
