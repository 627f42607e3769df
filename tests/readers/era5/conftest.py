from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tests_cases() -> Path:
    """Folder of small failing inputs in the formats of their providers."""
    return Path(__file__).parents[2] / "cases"
