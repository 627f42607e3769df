"""Run writers in forked processes that share the Earth in memory."""

import multiprocessing
import multiprocessing.connection
from collections.abc import Callable, Sequence


def side_by_side(jobs: Sequence[Callable[[], None]], processes: int) -> None:
    """Run every job, at most ``processes`` at a time, each in a process of its own.

    Jobs share what is in memory without a copy and hand nothing back: they write files.

    Raises
    ------
    RuntimeError
        If a job failed; its traceback is on standard error.
    """
    context = multiprocessing.get_context("fork")
    waiting, failures = list(jobs), 0
    running: list[multiprocessing.context.ForkProcess] = []
    while running or (waiting and not failures):
        while waiting and len(running) < processes and not failures:
            running.append(context.Process(target=waiting.pop(0)))
            running[-1].start()
        multiprocessing.connection.wait([process.sentinel for process in running])
        for process in [process for process in running if not process.is_alive()]:
            process.join()
            running.remove(process)
            failures += process.exitcode != 0
    if failures:
        raise RuntimeError(f"{failures} of {len(jobs)} writers of raw files failed")
