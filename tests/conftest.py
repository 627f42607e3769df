import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of real files in their providers' formats."""
    folder = Path(os.environ.get("FLUXPROD_REALDATA", ROOT.parent / "shared" / "realdata"))
    if not folder.is_dir():
        pytest.skip("no real files: set FLUXPROD_REALDATA to their folder")
    return folder
