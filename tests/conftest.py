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
    """Hear Ctrl-C in the background too, where shells ignore it: what is tested inherits that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of real files in their providers' formats."""
    folder = Path(os.environ.get("FLUXPROD_REALDATA", ROOT.parent / "shared" / "realdata"))
    if not folder.is_dir():
        pytest.skip("no real files: set FLUXPROD_REALDATA to their folder")
    return folder


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """Folder of product files of a fake run, as somebody downloads them."""
    from tests import fake_product, fake_run

    folder = tmp_path_factory.mktemp("published")
    return fake_product.make(fake_run.build(folder), folder / "product")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """A Dask scheduler and a worker, in processes of their own and in a folder of their own."""
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
