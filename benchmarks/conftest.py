import pytest
import torch


@pytest.fixture(scope="module")
def one_thread():
    """Run torch with one thread, to which the speed ratios refer."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
