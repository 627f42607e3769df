"""Threads of a process, always set explicitly: threads without a free core spin and slow a step."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from threadpoolctl import threadpool_limits


@contextmanager
def limited_threads(threads: int) -> Iterator[None]:
    """Limit the threads of torch and BLAS inside a ``with`` block."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with threadpool_limits(threads):
            yield
    finally:
        torch.set_num_threads(before)


def set_threads(threads: int) -> None:
    """Limit the threads of torch and BLAS for the rest of a worker process."""
    torch.set_num_threads(threads)
    threadpool_limits(threads)
