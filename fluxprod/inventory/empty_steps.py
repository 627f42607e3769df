"""Search for days, hours or months without values, which archives have had (arco-era5 #62, #105).

A step has values as soon as one cell has one. Pieces of the map are read from its middle outwards
until each step has a value, so a whole file is rarely read.
"""

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np
import xarray as xr

VALUES = 8_000_000  # largest number of values in a piece
UNDECLARED_FILL = -9999.0  # in FLUXCOM files


def empty_steps(field: xr.DataArray) -> np.ndarray:
    """Positions along ``time`` at which a variable holds nothing but missing values.

    Parameters
    ----------
    field : DataArray
        Variable of an open file with a dimension ``time`` and any others; read in pieces.

    Returns
    -------
    ndarray of int, shape (n_empty,)
        Positions in ascending order.
    """
    found = [
        times.start + np.flatnonzero(~_has_values(field.isel(time=times)))
        for times in _spans(field.sizes["time"], _lengths(field)["time"])
    ]
    return np.concatenate(found) if found else np.array([], int)


def _has_values(field: xr.DataArray) -> np.ndarray:
    """Whether each step has a value, bool, shape (time,)."""
    there = np.zeros(field.sizes["time"], bool)
    for piece in _pieces(field):
        values = field.isel(piece).transpose("time", ...).values
        good = np.isfinite(values) & (values != UNDECLARED_FILL)
        there |= good.reshape(len(there), -1).any(axis=1)
        if there.all():
            break
    return there


def _pieces(field: xr.DataArray) -> Iterator[dict[str, slice]]:
    """Parts of the map made of whole chunks, from the middle of each axis outwards."""
    lengths = _lengths(field)
    dims = [str(dim) for dim in field.dims if dim != "time"]
    spans = [_from_the_middle(_spans(field.sizes[dim], lengths[dim])) for dim in dims]
    for parts in product(*spans):
        yield dict(zip(dims, parts, strict=True))


def _lengths(field: xr.DataArray) -> dict[str, int]:
    """Length of a piece along each dimension: a chunk, or several where `VALUES` allows it.

    The last axes are extended first; a piece exceeds `VALUES` only if a single chunk does.
    """
    chunks = field.encoding.get("chunksizes") or [1] * (field.ndim - 2) + list(field.shape[-2:])
    lengths = {str(dim): min(n, size) for dim, n, size in zip(field.dims, chunks, field.shape)}
    for dim in reversed(lengths):
        room = VALUES // max(1, int(np.prod(list(lengths.values()))))
        lengths[dim] = min(field.sizes[dim], lengths[dim] * max(1, room))
    return lengths


def _spans(size: int, length: int) -> list[slice]:
    return [slice(start, min(start + length, size)) for start in range(0, size, length)]


def _from_the_middle(parts: Iterable[slice]) -> list[slice]:
    parts = list(parts)
    middle = len(parts) // 2
    return sorted(parts, key=lambda part: abs(parts.index(part) - middle))
