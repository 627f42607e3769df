"""Threads of a process: always explicit, for more of them than idle cores spin and slow a step."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def limited_threads(threads: int) -> Iterator[None]:
    """Set torch's threads for a while; more threads than idle cores slow a step many times."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
