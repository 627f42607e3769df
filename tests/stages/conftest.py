import pytest

from tests.dask_processes import Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """A Dask scheduler and a worker, in processes of their own and in a folder of their own."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as running:
        running.worker()
        yield running
