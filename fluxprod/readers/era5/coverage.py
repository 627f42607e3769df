"""What a time step of a file covers: an hour, a day or a month, and the period of accumulations.

Nothing is assumed of a file with one value per day: unless its name or its attributes state a daily
mean or sum, each value is taken for a single hour, of which a day needs 24.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from fluxprod.core.errors import DataError
from fluxprod.core.units import SECONDS_PER_DAY
from fluxprod.readers.era5.stated_units import ACCUMULATED
from fluxprod.readers.era5.statements import Statement

HOUR = 3600.0  # s


class Coverage(NamedTuple):
    """What each step covers.

    Parameters
    ----------
    step : str
        ``hour``, ``day`` or ``month``.
    period : float
        Time over which an accumulation was summed [s].
    lone : bool
        Whether the file has one hour of a day, and does not state that it stands for the day.
    """

    step: str
    period: float
    lone: bool = False


def coverage(label: Path, name: str, unit: str, axis: str, stated: Iterable[Statement]) -> Coverage:
    """Decide what the steps of a variable cover.

    Parameters
    ----------
    label : Path
        File name for error messages.
    name : str
        Name of the variable in the file.
    unit : str
        Its unit, as returned by `stated_unit`.
    axis : str
        Step of the time axis: ``hour``, ``day``, ``month``, or ``one`` for a single value.
    stated : iterable of Statement
        What the file states.

    Returns
    -------
    Coverage

    Raises
    ------
    DataError
        If the file states another statistic than we need, such as a daily maximum, or if its
        statements contradict each other or the time axis.
    """
    stated = list(stated)
    statistic = _statistic(label, name, unit, stated)
    periods = {statement.period for statement in stated if statement.period}
    if axis == "month" or "month" in periods:
        if statistic == "sum":
            raise DataError(label, name, _words(stated), "monthly means, per day")
        return Coverage("month", SECONDS_PER_DAY)
    if axis == "hour":
        daily = [statement for statement in stated if statement.period == "day"]
        if daily:
            found = f"hourly time steps, but {_words(daily)}"
            raise DataError(label, name, found, "one value per day", "restore its original name")
        return Coverage("hour", HOUR)
    if statistic in ("mean", "sum") and (axis == "day" or "day" in periods):
        return Coverage("day", HOUR if statistic == "mean" else SECONDS_PER_DAY)
    return Coverage("hour", HOUR, lone=True)


def needed_statistics(unit: str) -> str:
    """Statistics that a daily file may contain, as spelled in file names."""
    return "daily-mean or daily-sum" if unit in ACCUMULATED else "daily-mean"


def unstated(label: Path, unit: str) -> DataError:
    """Describe a file with one value per day that does not state what it is."""
    expected = f"{needed_statistics(unit)} in it"
    return DataError(label, "file name", label.name, expected, "restore its original name")


def _statistic(label: Path, name: str, unit: str, stated: list[Statement]) -> str | None:
    """The one statistic that is stated, if any."""
    allowed = {"mean", "point"} | ({"sum"} if unit in ACCUMULATED else set())
    expected = f"{needed_statistics(unit)}, or hourly values"
    for statement in stated:
        if statement.statistic not in allowed:
            raise DataError(label, name, _words([statement]), expected)
    found = {statement.statistic for statement in stated}
    if len(found) > 1:
        raise DataError(label, name, _words(stated), "one statistic", "get it again")
    return found.pop() if found else None


def _words(stated: Iterable[Statement]) -> str:
    """What is stated where, as a phrase."""
    named = {"day": "daily ", "month": "monthly ", "": ""}
    phrases = [f"{named[period]}{what} by its {place}" for what, period, place in stated]
    return " and ".join(dict.fromkeys(phrases))
