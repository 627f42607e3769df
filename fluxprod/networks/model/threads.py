"""Threads of a process: always explicit, for more of them than idle cores spin and slow a step."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from threadpoolctl import threadpool_limits


@contextmanager
def limited_threads(threads: int) -> Iterator[None]:
    """Set the threads of torch and BLAS for a while."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with threadpool_limits(threads):
            yield
    finally:
        torch.set_num_threads(before)


def set_threads(threads: int) -> None:
    """Set the threads of torch and BLAS for the rest of a process, a worker's."""
    torch.set_num_threads(threads)
    threadpool_limits(threads)
