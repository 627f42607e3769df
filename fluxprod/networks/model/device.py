"""The device on which networks run."""

from typing import get_args

import torch

from fluxprod.core.constants import PARAMS_FILE, Device
from fluxprod.core.errors import DataError

CHOICES = get_args(Device)


def chosen_device(name: str) -> torch.device:
    """Device named by ``compute.device``; ``auto`` chooses CUDA if it is available.

    Raises
    ------
    DataError
        If the name is unknown, or if CUDA is requested but not available.
    """
    if name not in CHOICES:
        raise DataError(PARAMS_FILE, "compute.device", repr(name), " | ".join(CHOICES))
    has_cuda = torch.cuda.is_available()
    if name == "cuda" and not has_cuda:
        raise DataError(
            PARAMS_FILE, "compute.device", "no CUDA device", "a CUDA device",
            "set it to auto or cpu",
        )  # fmt: skip
    return torch.device("cuda" if has_cuda and name != "cpu" else "cpu")
