"""Days, hours or months of a file without any value: archives have had them (arco-era5 #62, #105).

A step has a value as soon as one cell has: pieces of the map are read from its middle outwards
until each step has one, so that a whole file is rarely read.
"""

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np
import xarray as xr

VALUES = 8_000_000  # of a piece
UNDECLARED_FILL = -9999.0  # of FLUXCOM


def empty_steps(field: xr.DataArray) -> np.ndarray:
    """Positions along ``time`` at which a variable holds nothing but missing values.

    Parameters
    ----------
    field : DataArray
        Of an open file, with a dimension ``time`` and any others; read in pieces.

    Returns
    -------
    ndarray of int, shape (empty step,)
    """
    found = [
        times.start + np.flatnonzero(~_has_values(field.isel(time=times)))
        for times in _spans(field.sizes["time"], _lengths(field)["time"])
    ]
    return np.concatenate(found) if found else np.array([], int)


def _has_values(field: xr.DataArray) -> np.ndarray:
    """Whether each step has a value, shape (time,)."""
    there = np.zeros(field.sizes["time"], bool)
    for piece in _pieces(field):
        values = field.isel(piece).transpose("time", ...).values
        good = np.isfinite(values) & (values != UNDECLARED_FILL)
        there |= good.reshape(len(there), -1).any(axis=1)
        if there.all():
            break
    return there


def _pieces(field: xr.DataArray) -> Iterator[dict[str, slice]]:
    """Parts of the map, whole chunks of the file, from the middle of each axis outwards."""
    lengths = _lengths(field)
    dims = [str(dim) for dim in field.dims if dim != "time"]
    spans = [_from_the_middle(_spans(field.sizes[dim], lengths[dim])) for dim in dims]
    for parts in product(*spans):
        yield dict(zip(dims, parts, strict=True))


def _lengths(field: xr.DataArray) -> dict[str, int]:
    """Length of a piece along each dimension: a chunk, more of the last axes where there is room.

    Along time at most what leaves room for one chunk of the map.
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
