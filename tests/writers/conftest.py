import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress

import pytest


def _write_on(folder, done):
    while not done.is_set():
        with suppress(OSError):
            (folder / "a.partial").touch()
            (folder / "a.partial").rename(folder / "a")


@pytest.fixture
def stray() -> Callable:
    """A block in which a worker of another run writes files into a folder, without a pause."""

    @contextmanager
    def _stray(folder):
        done = threading.Event()
        worker = threading.Thread(target=_write_on, args=(folder, done))
        worker.start()
        try:
            yield
        finally:
            done.set()
            worker.join()

    return _stray
