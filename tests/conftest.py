import os
import signal
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.dask_processes import Cluster

ROOT = Path(__file__).parent.parent


def pytest_configure():
    """Handle Ctrl-C in background jobs too, where shells ignore it and tests inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of real files in the formats of their providers."""
    folder = Path(os.environ.get("FLUXPROD_REALDATA", ROOT.parent / "shared" / "realdata"))
    if not folder.is_dir():
        pytest.skip("real files not found: set FLUXPROD_REALDATA to their folder")
    return folder


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """Folder with the product files of a fake run, as after a download."""
    from tests import fake_product, fake_run

    folder = tmp_path_factory.mktemp("published")
    return fake_product.make(fake_run.build(folder), folder / "product")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """A Dask scheduler and a worker, in processes and a folder of their own."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as running:
        running.worker()
        yield running


def _write_on(folder, done):
    while not done.is_set():
        with suppress(OSError):
            (folder / "a.partial").touch()
            (folder / "a.partial").rename(folder / "a")


@pytest.fixture
def stray() -> Callable:
    """Context manager during which a worker of another run keeps writing files into a folder."""

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
