import os
import signal
from pathlib import Path

import pytest

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
