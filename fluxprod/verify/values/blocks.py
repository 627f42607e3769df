"""Blocks of whole chunks, so that a field of any size is read once and in little memory."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError

BUDGET = 64 << 20  # size of a block as float32 [byte]

Block = dict[str, slice]


def blocks(field: xr.DataArray, budget: int = BUDGET) -> Iterator[Block]:
    """Divide a field into blocks of whole chunks along ``time`` and ``lat``.

    Parameters
    ----------
    field : DataArray, dims (time, ..., lat, lon)
        Field of an open file.
    budget : int
        Largest size of a block, exceeded only where a single chunk, taken over all other
        dimensions, is larger [byte].

    Yields
    ------
    dict of str to slice
        Slices of ``time`` and ``lat``; together they cover the field once.
    """
    chunk = _chunk(field)
    row = 4 * field.size // (field.sizes["time"] * field.sizes["lat"])  # bytes of one time and lat
    lat = _whole_chunks(field.sizes["lat"], chunk["lat"], budget // (row * chunk["time"]))
    time = _whole_chunks(field.sizes["time"], chunk["time"], budget // (row * lat))
    for first in range(0, field.sizes["time"], time):
        for south in range(0, field.sizes["lat"], lat):
            yield {
                "time": slice(first, min(first + time, field.sizes["time"])),
                "lat": slice(south, min(south + lat, field.sizes["lat"])),
            }


def _chunk(field: xr.DataArray) -> Mapping[str, int]:
    """Length of a chunk along each dimension; the whole dimension if the file is not chunked."""
    stored = field.encoding.get("preferred_chunks", {})
    return {str(dim): int(stored.get(dim, size)) for dim, size in field.sizes.items()}


def _whole_chunks(size: int, chunk: int, most: int) -> int:
    """Largest multiple of ``chunk`` up to ``most``, at least one chunk, at most ``size``."""
    return min(size, max(1, most // chunk) * chunk)


def values_of(field: xr.DataArray, block: Block) -> np.ndarray:
    """Read the values of one block.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        return field.isel(block).values
    except Exception as error:  # libraries raise any kind of exception on broken bytes
        found, advice = "a chunk that cannot be read", "download it again"
        raise DataError(str(field.name), "values", found, "intact chunks", advice) from error
