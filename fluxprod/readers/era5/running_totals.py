"""Recognise accumulations since 00 UTC, as in ERA5-Land, by their values.

In ERA5 an accumulation covers the hour that ends at its time stamp; in ERA5-Land it covers all
hours since 00 UTC, so that 00 UTC of the next day has the total of the day (Munoz-Sabater et al.
2021, doi 10.5194/essd-13-4349-2021). The files look the same. A running total never decreases
during a day and starts anew after 00 UTC; hourly radiation falls in the afternoon everywhere, and
hourly rain somewhere.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from fluxprod.core.errors import DataError

DAY, HOUR = np.timedelta64(1, "D"), np.timedelta64(1, "h")
HOURS_NEEDED = 20  # of a day
# smallest rise within a day that is no effect of packing, as a sum of the day [mm d-1], [W m-2]
SMALLEST = {"P": 0.2, "SW_IN": 1.0}
# the same where nothing else tells; packing moves radiation more than this, but no weak rain
FAINT = {"P": 0.01, "SW_IN": 1.0}
PACKING = 0.05  # share of the rise by which a running total may seem to fall
RISES = 3  # hours with an increase; a single shower looks the same in both kinds of file


def is_running(
    stamps: np.ndarray,
    values: np.ndarray,
    ours: str,
    smallest: Mapping[str, float] = SMALLEST,
) -> bool | None:
    """Decide whether values at some places are totals since 00 UTC.

    Parameters
    ----------
    stamps : ndarray of datetime64, shape (time,)
        Ends of the hours [UTC], in any order.
    values : ndarray, shape (time, place)
        Accumulations as sums of a day [W m-2] or [mm d-1].
    ours : str
        ``SW_IN`` or ``P``.
    smallest : mapping of str to float
        Smallest rise within a day that counts, by quantity [W m-2] or [mm d-1].

    Returns
    -------
    bool or None
        None if the values do not tell, as without rain.
    """
    stamps, first = np.unique(stamps.astype("M8[h]"), return_index=True)
    values = values[first]
    days = (stamps - HOUR).astype("M8[D]")
    starts = np.flatnonzero(np.diff(days, prepend=days[:1] - DAY))
    rising, falling = 0, 0
    for start, stop in zip(starts, [*starts[1:], len(days)], strict=True):
        if stop - start >= HOURS_NEEDED:
            up, down = _compared(stamps, values, slice(start, stop), smallest[ours])
            rising, falling = rising + up, falling + down
    return None if rising + falling == 0 else rising > falling


def is_constant(stamps: np.ndarray, values: np.ndarray, ours: str) -> bool:
    """Decide whether wet places have the same amount in each hour, where running totals grow.

    Parameters
    ----------
    stamps : ndarray of datetime64, shape (time,)
        Ends of the hours [UTC].
    values : ndarray, shape (time, place)
        Accumulations as sums of a day [W m-2] or [mm d-1].
    ours : str
        ``SW_IN`` or ``P``.

    Returns
    -------
    bool
    """
    most, least = np.fmax.reduce(values, axis=0), np.fmin.reduce(values, axis=0)
    wet = most > FAINT[ours]
    constant = most - least <= PACKING * most
    return bool(len(stamps) >= HOURS_NEEDED and wet.any() and constant[wet].all())


def refusal(label: Path, name: str) -> DataError:
    """Describe a file with totals since 00 UTC where those of an hour are needed."""
    found = "amounts accumulated since 00 UTC, as in ERA5-Land"
    return DataError(label, name, found, "amounts of each hour, as in ERA5")


def refusal_of_unclear(label: Path, name: str) -> DataError:
    """Describe a file whose few amounts may be of an hour or since 00 UTC."""
    found = "amounts of which the file does not tell whether they are of an hour or since 00 UTC"
    action = (
        "if they are of ERA5-Land, say era5-land in the file name; else get more days or places"
    )
    return DataError(label, name, found, "amounts of each hour, as in ERA5", action)


def check_hours(label: Path, name: str, stamps: np.ndarray, axis: str, *, stated: bool) -> None:
    """Refuse one value of ERA5-Land per day.

    Parameters
    ----------
    label : Path
        File name for error messages.
    name : str
        Name of the variable in the file.
    stamps : ndarray of datetime64
        Time stamps [UTC].
    axis : str
        Step of the time axis: ``hour``, ``day``, ``month``, or ``one`` for a single value.
    stated : bool
        Whether the file states that its values are daily means or sums.

    Raises
    ------
    DataError
        If the values are daily statistics of running totals, or those at 00 UTC alone.
    """
    midnight = axis == "day" and (stamps == stamps.astype("M8[D]")).all()
    if stated or midnight:
        what = "daily statistics of amounts since 00 UTC" if stated else "only 00 UTC"
        found = f"{what}, in ERA5-Land the total of the day before" if midnight else what
        action = "get all hours of ERA5-Land, or ERA5"
        raise DataError(label, name, found, "amounts of each hour", action)


def _compared(
    stamps: np.ndarray, values: np.ndarray, day: slice, smallest: float
) -> tuple[int, int]:
    """Numbers of places where the values of a day are running totals, and where they fall."""
    here = values[day]
    rise = np.fmax.reduce(here, axis=0) - np.fmin.reduce(here, axis=0)
    wet = rise > smallest
    falls = (np.maximum.accumulate(here) - here > PACKING * rise).any(axis=0)
    climbs = (np.diff(here, axis=0) > 0.0).sum(axis=0) >= RISES
    anew = np.zeros(len(rise), bool)
    for late in (day.start - 1, day.stop - 1):  # around 00 UTC before and after the day
        if late >= 0 and late + 1 < len(stamps) and stamps[late + 1] - stamps[late] == HOUR:
            anew |= values[late] - values[late + 1] > rise / 2.0
    return int((wet & ~falls & climbs & anew).sum()), int((wet & falls).sum())
