"""A field in blocks of whole chunks, so that any file is read once and in little memory."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError

BUDGET = 64 << 20  # bytes of one block as float32

Block = dict[str, slice]


def blocks(field: xr.DataArray, budget: int = BUDGET) -> Iterator[Block]:
    """Slices of ``time`` and ``lat`` that cover a field once.

    A block holds whole chunks. It is larger than ``budget`` [byte] only where one chunk of all
    other dimensions is.
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
    """Chunk of the file along each dimension, all of it where the file is not chunked."""
    stored = field.encoding.get("preferred_chunks", {})
    return {str(dim): int(stored.get(dim, size)) for dim, size in field.sizes.items()}


def _whole_chunks(size: int, chunk: int, most: int) -> int:
    """Largest multiple of ``chunk`` up to ``most``, at least one chunk, at most ``size``."""
    return min(size, max(1, most // chunk) * chunk)


def values_of(field: xr.DataArray, block: Block) -> np.ndarray:
    """Read one block.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        return field.isel(block).values
    except Exception as error:  # libraries raise whatever they like on broken bytes
        raise DataError(
            str(field.name), "values", f"unreadable ({error})", "whole chunks", "download it again"
        ) from error
