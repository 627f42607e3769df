from pathlib import Path

import pytest

from tests import fake_run
from tests.fake_product import make


@pytest.fixture(scope="session")
def run(tmp_path_factory) -> fake_run.FakeRun:
    return fake_run.build(tmp_path_factory.mktemp("fake_run"))


@pytest.fixture(scope="session")
def folder(run) -> Path:
    """Folder with the product files of the fake run."""
    return make(run, run.folder / "product")
