"""Where a network is computed."""

import torch

from fluxprod.core.errors import DataError

CHOICES = ("auto", "cpu", "cuda")


def chosen_device(name: str) -> torch.device:
    """Device of ``compute.device``; ``auto`` takes CUDA where there is one.

    Raises
    ------
    DataError
        If the name is unknown, or CUDA is asked for and not there.
    """
    if name not in CHOICES:
        raise DataError("params.yaml", "compute.device", repr(name), " | ".join(CHOICES))
    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise DataError("params.yaml", "compute.device", "no CUDA device", "one", "set auto or cpu")
    return torch.device("cuda" if there and name != "cpu" else "cpu")
