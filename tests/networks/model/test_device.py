import pytest
import torch

from fluxprod.core.errors import DataError
from fluxprod.networks.model.device import chosen_device


def test_the_cpu_is_always_there():
    assert chosen_device("cpu").type == "cpu"


def test_auto_takes_cuda_where_it_is():
    assert (chosen_device("auto").type == "cuda") == torch.cuda.is_available()


def test_cuda_without_a_device_is_one_clear_line(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DataError, match=r"compute\.device: found no CUDA device.*auto or cpu"):
        chosen_device("cuda")


def test_an_unknown_device_is_refused():
    with pytest.raises(DataError, match="'tpu', expected auto"):
        chosen_device("tpu")
