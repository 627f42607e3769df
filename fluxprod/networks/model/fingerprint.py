"""One SHA-256 of everything on which the result of a training depends."""

import hashlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from numbers import Number

import numba
import numpy as np
import scipy
import torch

from fluxprod.core.settings import Settings


def fingerprint(*parts: object) -> str:
    """SHA-256 of the parts and of the versions of the numerical libraries.

    Parameters
    ----------
    *parts : dataclass, Settings, sequence, mapping, ndarray, Tensor, str, bytes, number, None
        Nested to any depth.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    TypeError
        If a part is of any other type, since it could change the result unnoticed.
    """
    digest = hashlib.sha256()
    processor = torch.backends.cpu.get_cpu_capability()
    versions = [package.__version__ for package in (torch, np, scipy, numba)]
    for piece in _pieces((versions, processor, parts)):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(part: object) -> Iterator[bytes | memoryview]:
    """Bytes of a part, each preceded by type and length so that no two parts give the same."""
    if isinstance(part, torch.Tensor):
        part = part.detach().cpu().numpy()
    if isinstance(part, np.ndarray):
        yield f"array {part.dtype.str} {part.shape} ".encode()
        yield np.ascontiguousarray(part).reshape(-1).view(np.uint8).data  # TypeError of objects
    elif is_dataclass(part) and not isinstance(part, type):
        yield f"{type(part).__qualname__} ".encode()
        yield from _pieces({field.name: getattr(part, field.name) for field in fields(part)})
    elif isinstance(part, Settings):
        yield f"{type(part).__qualname__} ".encode()
        yield from _pieces(part.model_dump())
    elif isinstance(part, dict):
        yield from _pieces([*part.keys(), *part.values()])
    elif isinstance(part, tuple | list):
        yield f"{type(part).__name__} {len(part)} of ".encode()
        for one in part:
            yield from _pieces(one)
    elif isinstance(part, str | bytes | Number | np.generic | None):
        text = repr(part).encode()
        yield f"{len(text)} ".encode() + text
    else:
        raise TypeError(f"{type(part).__name__} has no fingerprint")
