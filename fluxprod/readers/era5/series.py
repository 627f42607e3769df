"""Which file holds which hours of each day, told from headers and time axes alone.

A day of accumulations is made of 01 to 23 UTC of it and 00 UTC of the next, as a value covers the
hour that ends at its stamp (ECMWF Confluence, page 197702790); it may lie in two files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.era5.field import opened_field, statistic_name, time_step
from fluxprod.readers.era5.source import era5_sources
from fluxprod.readers.files.netcdf_source import NetcdfSource

INSTANTANEOUS = {"TA"}  # the others are accumulated over the hour that ends at the stamp
HOURS_PER_DAY = 24


class Run(NamedTuple):
    """Positions ``start`` to ``stop`` along the time axis of a source."""

    source: NetcdfSource
    start: int
    stop: int


class Piece(NamedTuple):
    """A run within one day, and its stamps."""

    run: Run
    stamps: np.ndarray
    whole: bool


@dataclass(frozen=True)
class Era5Series:
    """Days of one quantity in a folder, and where their values lie.

    Parameters
    ----------
    folder : Path
    variable : str
        ``TA``, ``SW_IN`` or ``P``.
    days : ndarray of datetime64[D], shape (day,)
    runs : tuple of tuple of Run, one per day
        In order of time; together 24 hours, or one daily value.
    """

    folder: Path
    variable: str
    days: np.ndarray
    runs: tuple[tuple[Run, ...], ...]

    def part(self, start: int, stop: int) -> "Era5Series":
        """The series of some days, by position."""
        return replace(self, days=self.days[start:stop], runs=self.runs[start:stop])


def era5_series(folder: Path, variable: str, wanted: pd.DatetimeIndex) -> Era5Series:
    """Find each wanted day.

    Parameters
    ----------
    folder : Path
        Files and archives of any names; those of daily accumulations must carry ``daily-mean`` or
        ``daily-sum`` in theirs, as the store names them. Monthly files and places that are no map
        are left out.
    variable : str
        ``TA``, ``SW_IN`` or ``P``.
    wanted : DatetimeIndex
        Days.

    Raises
    ------
    DataError
        If a day is missing or comes twice, or a file is unreadable.
    """
    pieces: dict[np.datetime64, list[Piece]] = {}
    for source in era5_sources(folder):
        for day, piece in _pieces(source, variable):
            pieces.setdefault(day, []).append(piece)
    if not pieces:
        raise DataError(folder, variable, "no daily or hourly map", f"{_period(wanted)}")
    days = wanted.to_numpy().astype("M8[D]")
    runs = [_runs_of_day(folder, variable, day, pieces.get(day, [])) for day in days]
    missing = [day for day, found in zip(days, runs, strict=True) if not found]
    if missing:
        raise DataError(
            folder,
            variable,
            f"{len(missing)} of {len(days)} days missing, first {missing[0]}",
            _period(wanted),
            "the last day of hourly accumulations needs 00 UTC of the next",
        )
    return Era5Series(folder, variable, days, tuple(runs))


def _period(days: pd.DatetimeIndex) -> str:
    return f"{days[0]:%F} to {days[-1]:%F}"


def _pieces(source: NetcdfSource, variable: str) -> list[tuple[np.datetime64, Piece]]:
    """What a source holds of each day."""
    with opened_field(source, variable) as (dataset, field):
        if field is None or not {"lat", "lon"} <= set(field.native.dims):
            return []
        step = time_step(statistic_name(source), dataset)
        stamps = np.atleast_1d(dataset.time.values).astype("M8[s]")
    if step == "month":
        return []
    shift = 1 if step == "hour" and variable not in INSTANTANEOUS else 0
    days = (stamps - np.timedelta64(shift, "h")).astype("M8[D]")
    first, start, count = np.unique(days, return_index=True, return_counts=True)
    full = HOURS_PER_DAY if step == "hour" else 1
    return [
        (day, Piece(Run(source, int(i), int(i + n)), stamps[i : i + n], n == full))
        for day, i, n in zip(first, start, count, strict=True)
    ]


def _runs_of_day(
    folder: Path, variable: str, day: np.datetime64, pieces: Sequence[Piece]
) -> tuple[Run, ...]:
    """One source that has all of a day, else all that have some of it; nothing if it is broken."""
    whole = [piece.run for piece in pieces if piece.whole]
    if len(whole) > 1:
        raise DataError(folder, variable, f"{day} more than once", "each day once")
    if whole:
        return (whole[0],)
    parts = sorted(pieces, key=lambda piece: piece.stamps[0])
    stamps = pd.DatetimeIndex([stamp for part in parts for stamp in part.stamps])
    if stamps.has_duplicates:
        twice = stamps[stamps.duplicated()][0]
        raise DataError(folder, variable, f"{twice:%F %H:%M} more than once", "each hour once")
    return tuple(part.run for part in parts) if len(stamps) == HOURS_PER_DAY else ()
