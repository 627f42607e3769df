"""Pieces in which a variable is read: whole chunks of its file, with a limited number of values.

The Climate Data Store leaves chunking to the NetCDF library, which makes chunks long in time: those
of hourly 0.25 degree files of a year are about 676 x 55 x 111. Read day by day, each chunk would be
decompressed 28 times; read in pieces of whole chunks, it is decompressed once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

VALUES = 8_000_000  # in a piece


class TileSize(NamedTuple):
    """Largest number of values along each axis; pieces start at multiples of it."""

    time: int
    lat: int
    lon: int


def tile_size(sizes: Mapping[str, int], chunks: Mapping[str, int] | None, longest: int) -> TileSize:
    """Size of a piece: as many whole chunks (or rows, without chunks) as `VALUES` allows.

    Parameters
    ----------
    sizes : mapping of str to int
        Lengths of the dimensions time, lat and lon.
    chunks : mapping of str to int, or None
        Chunk lengths along the same dimensions; None if the file is not chunked.
    longest : int
        Limit along time, whatever the chunks, because days stay in memory until all their values
        have been read.

    Returns
    -------
    TileSize
        At most `VALUES` values, unless a single chunk has more.
    """
    chunks = chunks or {"time": 1, "lat": 1, "lon": sizes["lon"]}
    tile = {dim: max(1, min(chunks[dim], sizes[dim])) for dim in ("time", "lat", "lon")}
    tile["time"] = min(tile["time"], longest)
    for dim in ("lon", "lat", "time"):
        room = VALUES // (tile["time"] * tile["lat"] * tile["lon"])
        tile[dim] = min(sizes[dim], tile[dim] * max(1, room))
    return TileSize(min(tile["time"], max(longest, 1)), tile["lat"], tile["lon"])


def spans(start: int, stop: int, step: int) -> Iterator[slice]:
    """Split the range from ``start`` to ``stop`` at multiples of ``step``."""
    while start < stop:
        end = min(stop, (start // step + 1) * step)
        yield slice(start, end)
        start = end


def tiles(shape: Sequence[int], size: TileSize) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of the pieces of a map with shape (lat, lon)."""
    for rows in spans(0, shape[0], size.lat):
        for columns in spans(0, shape[1], size.lon):
            yield rows, columns
