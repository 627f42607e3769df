"""Pieces in which a variable is read: whole chunks of its file, a bounded number of values.

The Climate Data Store leaves chunks to the NetCDF library, which makes them long in time: hourly
0.25 degree files of a year come in chunks of about 676 x 55 x 111. Read day by day, each would be
unpacked 28 times; read in pieces of whole chunks, each is unpacked once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

VALUES = 8_000_000  # of a piece


class TileSize(NamedTuple):
    """Largest piece, in values along each axis; it starts at multiples of them."""

    time: int
    lat: int
    lon: int


def tile_size(sizes: Mapping[str, int], chunks: Mapping[str, int] | None, longest: int) -> TileSize:
    """Whole chunks, or rows of a file without, as many as `VALUES` allow.

    Parameters
    ----------
    sizes : mapping of str to int
        Of the dimensions time, lat and lon.
    chunks : mapping of str to int or None
        Of the file along them.
    longest : int
        Along time, whatever the chunks: days wait in memory until their piece is read.
    """
    chunks = chunks or {"time": 1, "lat": 1, "lon": sizes["lon"]}
    tile = {dim: max(1, min(chunks[dim], sizes[dim])) for dim in ("time", "lat", "lon")}
    tile["time"] = min(tile["time"], longest)
    for dim in ("lon", "lat", "time"):
        room = VALUES // (tile["time"] * tile["lat"] * tile["lon"])
        tile[dim] = min(sizes[dim], tile[dim] * max(1, room))
    return TileSize(min(tile["time"], max(longest, 1)), tile["lat"], tile["lon"])


def spans(start: int, stop: int, step: int) -> Iterator[slice]:
    """Cut a range at multiples of a step."""
    while start < stop:
        end = min(stop, (start // step + 1) * step)
        yield slice(start, end)
        start = end


def tiles(shape: Sequence[int], size: TileSize) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of the pieces of a map of shape (lat, lon)."""
    for rows in spans(0, shape[0], size.lat):
        for columns in spans(0, shape[1], size.lon):
            yield rows, columns
