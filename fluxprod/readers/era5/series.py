"""Index of the files that contain each day, made from headers, time axes and samples of values.

An accumulated value covers the hour that ends at its time stamp (ECMWF Confluence, page 197702790).
A day of accumulations therefore consists of 01 to 23 UTC and 00 UTC of the next day, which may lie
in two files; where amounts are accumulated since 00 UTC, the latter is the total of the day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.core.units import SECONDS_PER_DAY
from fluxprod.readers.era5.pieces import (
    HOURS_PER_DAY,
    INSTANTANEOUS,
    Contents,
    Piece,
    Run,
    contents,
)
from fluxprod.readers.era5.running_totals import is_constant, is_running, refusal_of_unclear
from fluxprod.readers.era5.sample import any_amount
from fluxprod.readers.era5.source import era5_sources

FEW = 3  # missing hours that an error message lists
DAY, HOUR = np.timedelta64(1, "D"), np.timedelta64(1, "h")


@dataclass(frozen=True)
class Era5Series:
    """Days of one quantity in a folder, and the location of their values.

    Parameters
    ----------
    folder : Path
        Folder name for error messages.
    variable : str
        ``TA``, ``TD``, ``SW_IN`` or ``P``.
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


def files_of_day(series: Iterable[Era5Series], position: int) -> str:
    """Names of the files that contain a day of some quantities, as a phrase."""
    names = [str(run.source.label) for each in series for run in each.runs[position]]
    return " and ".join(dict.fromkeys(names))


def era5_series(folder: Path, variable: str, wanted: pd.DatetimeIndex) -> Era5Series:
    """Find the files that contain each day.

    Parameters
    ----------
    folder : Path
        Folder with files and archives of any name, except that files of daily values must state
        the statistic: in their name by ``daily-mean`` or ``daily-sum``, as issued by the Climate
        Data Store, or in their attributes. Monthly files and data of single places are ignored.
    variable : str
        ``TA``, ``TD``, ``SW_IN`` or ``P``.
    wanted : DatetimeIndex
        Days to find.

    Returns
    -------
    Era5Series
        Index of all wanted days.

    Raises
    ------
    DataError
        If a day is missing or occurs twice, a file is unreadable, or it has another statistic
        than we need.
    """
    found = _contents(folder, variable)
    if not _any_piece(found):
        raise DataError(folder, variable, f"no daily or hourly map{_set_aside(found)}", _of(wanted))
    return _series(folder, variable, wanted, found)


def optional_era5_series(
    folder: Path, variable: str, wanted: pd.DatetimeIndex
) -> Era5Series | None:
    """As `era5_series`, but None if the folder has no daily or hourly map of the quantity.

    Raises
    ------
    DataError
        As `era5_series`; a folder with some of the days is incomplete.
    """
    found = _contents(folder, variable)
    return _series(folder, variable, wanted, found) if _any_piece(found) else None


def _contents(folder: Path, variable: str) -> list[Contents]:
    return _by_kind([contents(source, variable) for source in era5_sources(folder)], variable)


def _any_piece(found: Iterable[Contents]) -> bool:
    return any(content.pieces for content in found)


def _series(
    folder: Path, variable: str, wanted: pd.DatetimeIndex, found: Iterable[Contents]
) -> Era5Series:
    """Index of all wanted days in what the sources hold."""
    pieces: dict[np.datetime64, list[Piece]] = {}
    for content in found:
        for day, piece in content.pieces:
            pieces.setdefault(day, []).append(piece)
    days = wanted.to_numpy().astype("M8[D]")
    runs = [_runs_of_day(folder, variable, day, pieces.get(day, [])) for day in days]
    missing = [day for day, there in zip(days, runs, strict=True) if not there]
    if missing:
        raise _incomplete(folder, variable, wanted, missing, pieces)
    return Era5Series(folder, variable, days, tuple(runs))


def _of(days: pd.DatetimeIndex) -> str:
    return f"{days[0]:%F} to {days[-1]:%F}"


def _set_aside(found: Iterable[Contents]) -> str:
    """The first file that was not used, and why, as a phrase; empty if there is none."""
    unused = [content for content in found if content.aside]
    return f"; {unused[0].source.label.name} has {unused[0].aside}" if unused else ""


def _by_kind(found: list[Contents], variable: str) -> list[Contents]:
    """Replace hours of accumulations since 00 UTC with the totals of days that they end with.

    Sources whose values do not tell, such as single hours, are judged together, then by the
    others, then by their name.
    """
    verdicts = [content.sample.running if content.sample else False for content in found]
    unclear = [content for content, verdict in zip(found, verdicts, strict=True) if verdict is None]
    together = _judged_together(unclear, variable)
    if together is None:
        clear = {v for content, v in zip(found, verdicts, strict=True) if content.sample} - {None}
        together = clear.pop() if len(clear) == 1 else None
    constant = all(is_constant(*joint, variable) for joint in _joint(unclear))
    hourly = _hours([content for content in unclear if _lone(content)])
    judged = []
    for content, verdict in zip(found, verdicts, strict=True):
        running = together if verdict is None else verdict
        if running is None:
            running = content.land and not _lone(content)
            if not running and not constant and (hourly or not _lone(content)):
                _check_dry(content, variable)
        judged.append(_daily_totals(content) if running else content)
    return judged


def _lone(content: Contents) -> bool:
    return any(piece.doubt for _, piece in content.pieces)


def _hours(found: Iterable[Contents]) -> bool:
    """Whether sources with one hour of a day hold several of a day when put together."""
    stamps = [stamp for content in found for _, piece in content.pieces for stamp in piece.stamps]
    return bool((np.diff(np.unique(stamps)) < DAY).any()) if stamps else False


def _check_dry(content: Contents, variable: str) -> None:
    """Refuse amounts that nothing tells about; without any, both kinds of file are the same."""
    name, found = any_amount(content.source, variable)
    if found:
        raise refusal_of_unclear(content.source.label, name)


def _judged_together(found: Iterable[Contents], variable: str) -> bool | None:
    """Whether sources on the same grid hold totals since 00 UTC when put together."""
    verdicts = [is_running(*joint, variable) for joint in _joint(found)]
    return next((verdict for verdict in verdicts if verdict is not None), None)


def _joint(found: Iterable[Contents]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Stamps and values of the samples on each grid."""
    samples = [content.sample for content in found if content.sample]
    for width in sorted({sample.values.shape[1] for sample in samples}):
        alike = [sample for sample in samples if sample.values.shape[1] == width]
        stamps = np.concatenate([sample.stamps for sample in alike])
        yield stamps, np.concatenate([sample.values for sample in alike])


def _daily_totals(content: Contents) -> Contents:
    """Keep 00 UTC of the next day, which has the total of the day."""
    totals = []
    for day, piece in content.pieces:
        if piece.stamps[-1] == day + DAY:
            stop = piece.run.stop
            run = Run(content.source, stop - 1, stop, SECONDS_PER_DAY)
            totals.append((day, Piece(run, piece.stamps[-1:], whole=True)))
    return content._replace(pieces=totals)


def _runs_of_day(
    folder: Path, variable: str, day: np.datetime64, pieces: Sequence[Piece]
) -> tuple[Run, ...]:
    """The run that covers a day, else the runs that do so together; empty if it is incomplete."""
    whole = [piece.run for piece in pieces if piece.whole]
    if len(whole) > 1:
        found = f"{day} more than once, in {_names(whole)}"
        raise DataError(folder, variable, found, "each day once")
    if whole:
        return (whole[0],)
    parts = sorted(pieces, key=lambda piece: piece.stamps[0])
    stamps = pd.DatetimeIndex([stamp for part in parts for stamp in part.stamps])
    if stamps.has_duplicates:
        twice = stamps[stamps.duplicated()][0]
        where = _names([part.run for part in parts if twice.to_datetime64() in part.stamps])
        found = f"{twice:%F %H:%M} more than once, in {where}"
        raise DataError(folder, variable, found, "each hour once")
    return tuple(part.run for part in parts) if len(stamps) == HOURS_PER_DAY else ()


def _names(runs: Iterable[Run]) -> str:
    return " and ".join(dict.fromkeys(run.source.label.name for run in runs))


def _incomplete(
    folder: Path,
    variable: str,
    wanted: pd.DatetimeIndex,
    missing: Sequence[np.datetime64],
    pieces: Mapping[np.datetime64, Sequence[Piece]],
) -> DataError:
    """Describe the missing days, and what there is of the first one."""
    doubt = _doubt(missing, pieces)
    if doubt is not None:
        return doubt
    first = missing[0]
    found = f"{len(missing)} of {len(wanted)} days missing, first {first}"
    parts = pieces.get(first, [])
    there = np.array([stamp for part in parts for stamp in part.stamps], "M8[s]")
    start = first + HOUR * (0 if variable in INSTANTANEOUS else 1)
    absent = np.setdiff1d(start + np.arange(HOURS_PER_DAY) * HOUR, there)
    if len(absent) <= FEW:
        found += " without " + " and ".join(
            f"{stamp:%F %H:%M}" for stamp in pd.DatetimeIndex(absent)
        )
    elif parts:
        found += f" with {len(there)} of 24 hours in {_names([part.run for part in parts][:FEW])}"
    action = "hourly accumulations of the last day need 00 UTC of the next day"
    return DataError(
        folder, variable, found, _of(wanted), "" if variable in INSTANTANEOUS else action
    )


def _doubt(
    missing: Sequence[np.datetime64], pieces: Mapping[np.datetime64, Sequence[Piece]]
) -> DataError | None:
    """What to say of files with one value per day that do not state what it is."""
    doubtful = {day: [p for p in there if p.doubt] for day, there in pieces.items()}
    stamps = np.unique([stamp for there in doubtful.values() for p in there for stamp in p.stamps])
    if len(stamps) == 0 or (np.diff(stamps) < DAY).any():  # together they have several hours
        return None
    return next((p.doubt for day in missing for p in doubtful.get(day, [])), None)
