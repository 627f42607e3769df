"""Samples of hourly accumulations that tell whether they are of an hour or since 00 UTC.

The first days on a coarse grid tell nearly always. Where they do not, as before the first rain,
all days on that grid are read, and then all cells, in blocks.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fluxprod.core.units import SECONDS_PER_DAY
from fluxprod.readers.era5.field import Era5Field, opened_field
from fluxprod.readers.era5.running_totals import FAINT, HOURS_NEEDED, is_running
from fluxprod.readers.files.netcdf_source import NetcdfSource

HOURS_PER_DAY = 24
SAMPLE_DAYS = 5
SAMPLE_ROWS = 5  # and columns
BLOCK_VALUES = 2**24  # 64 MiB


class AccumulationSample(NamedTuple):
    """Hourly accumulations at some places, as sums of a day, shape (time, place).

    ``running`` says whether they are totals since 00 UTC; None if no value of the source tells.
    """

    stamps: np.ndarray
    values: np.ndarray
    running: bool | None


def accumulation_sample(field: Era5Field, stamps: np.ndarray) -> AccumulationSample:
    """Read the first days on a coarse grid, and decide what they are, by more of them if need be.

    Parameters
    ----------
    field : Era5Field
        Hourly accumulations on a grid.
    stamps : ndarray of datetime64, shape (time,)
        Ends of the hours [UTC].

    Returns
    -------
    AccumulationSample
    """
    first = slice(0, SAMPLE_DAYS * HOURS_PER_DAY + 1)
    values = _read(field, first, **_coarse(field))
    running = is_running(stamps[first], values, field.ours)
    if running is None and len(stamps) >= HOURS_NEEDED:
        running = _of_all(field, stamps)
    return AccumulationSample(stamps[first], values, running)


def any_amount(source: NetcdfSource, variable: str) -> tuple[str, bool]:
    """Search a source for an amount that is no effect of packing.

    Parameters
    ----------
    source : NetcdfSource
        File with hourly accumulations.
    variable : str
        ``SW_IN`` or ``P``.

    Returns
    -------
    name : str
        Name of the variable in the file.
    found : bool
    """
    with opened_field(source, variable) as (dataset, field):
        assert field is not None, "the quantity was found in this file"
        blocks = _cells(field, np.atleast_1d(dataset.time.values).size)
        found = any((_read(field, **block) > FAINT[variable]).any() for block in blocks)
        return field.name, found


def _of_all(field: Era5Field, stamps: np.ndarray) -> bool | None:
    """Verdict of the first block that tells; faint amounts count only if there are no others."""
    coarse = _coarse(field)
    blocks = [{"time": time, **coarse} for time in _times(len(stamps))]
    faint = None
    for block in [*blocks, *_cells(field, len(stamps))]:
        values, there = _read(field, **block), stamps[block["time"]]
        running = is_running(there, values, field.ours)
        if running is not None:
            return running
        if faint is None:
            faint = is_running(there, values, field.ours, FAINT)
    return faint


def _coarse(field: Era5Field) -> dict[str, slice]:
    size = field.native.sizes
    return {dim: slice(0, None, max(1, size[dim] // SAMPLE_ROWS)) for dim in ("lat", "lon")}


def _cells(field: Era5Field, n_times: int) -> Iterator[dict[str, slice]]:
    """Blocks of all rows and times."""
    size = field.native.sizes
    for time in _times(n_times):
        rows = max(1, BLOCK_VALUES // ((time.stop - time.start) * size["lon"]))
        for row in range(0, size["lat"], rows):
            yield {"time": time, "lat": slice(row, row + rows)}


def _times(n_times: int) -> Iterator[slice]:
    """Blocks that overlap by a day and an hour, so that each day is whole in one of them."""
    step, overlap = SAMPLE_DAYS * HOURS_PER_DAY, HOURS_PER_DAY + 1
    for start in range(0, n_times, step):
        yield slice(start, min(start + step + overlap, n_times))


def _read(field: Era5Field, time: slice, **place: slice) -> np.ndarray:
    """Values as sums of a day, shape (time, place)."""
    values = field.read(SECONDS_PER_DAY, time=time, **place)
    return values.reshape(len(values), -1)
