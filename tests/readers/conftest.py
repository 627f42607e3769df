import pytest


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    """Unpack members of archives into a folder of the test."""
    monkeypatch.setenv("FLUXPROD_CACHE", str(tmp_path_factory.mktemp("cache")))
