"""Index of the files that contain each day, made from headers and time axes only.

An accumulated value covers the hour that ends at its time stamp (ECMWF Confluence, page 197702790).
A day of accumulations therefore consists of 01 to 23 UTC and 00 UTC of the next day, which may lie
in two files.
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

INSTANTANEOUS = {"TA"}  # the others are accumulated over the hour that ends at the time stamp
HOURS_PER_DAY = 24


class Run(NamedTuple):
    """Positions ``start`` to ``stop`` (exclusive) along the time axis of a source."""

    source: NetcdfSource
    start: int
    stop: int


class Piece(NamedTuple):
    """A run within one day, its time stamps, and whether it covers the whole day."""

    run: Run
    stamps: np.ndarray
    whole: bool


@dataclass(frozen=True)
class Era5Series:
    """Days of one quantity in a folder, and the location of their values.

    Parameters
    ----------
    folder : Path
        Folder name for error messages.
    variable : str
        ``TA``, ``SW_IN`` or ``P``.
    days : ndarray of datetime64[D], shape (day,)
        UTC days.
    runs : tuple of tuple of Run, one per day
        In order of time; together 24 hours or one daily value.
    """

    folder: Path
    variable: str
    days: np.ndarray
    runs: tuple[tuple[Run, ...], ...]

    def part(self, start: int, stop: int) -> "Era5Series":
        """Select days by position."""
        return replace(self, days=self.days[start:stop], runs=self.runs[start:stop])


def era5_series(folder: Path, variable: str, wanted: pd.DatetimeIndex) -> Era5Series:
    """Find the files that contain each day.

    Parameters
    ----------
    folder : Path
        Folder with files and archives of any name, except that names of daily accumulations must
        contain ``daily-mean`` or ``daily-sum``, as issued by the Climate Data Store. Monthly files
        and data of single places are ignored.
    variable : str
        ``TA``, ``SW_IN`` or ``P``.
    wanted : DatetimeIndex
        Days to find.

    Returns
    -------
    Era5Series
        Index of all wanted days.

    Raises
    ------
    DataError
        If a day is missing or occurs twice, or a file is unreadable.
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
            "hourly accumulations of the last day need 00 UTC of the next day",
        )
    return Era5Series(folder, variable, days, tuple(runs))


def _period(days: pd.DatetimeIndex) -> str:
    return f"{days[0]:%F} to {days[-1]:%F}"


def _pieces(source: NetcdfSource, variable: str) -> list[tuple[np.datetime64, Piece]]:
    """Parts of days that a source contains."""
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
    """The run that covers a day, else the runs that do so together; empty if it is incomplete."""
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
