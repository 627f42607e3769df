"""Steps of time of MODIS composites: they begin each year anew, the last one of a year shorter."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

DAY = pd.Timedelta("1D")
NAMED = 5  # dates in a message
Outage = tuple[pd.Timestamp, pd.Timestamp]


class CompositeStep(NamedTuple):
    """First, middle and last day of a step, and its length in words."""

    first: pd.Timestamp
    middle: pd.Timestamp
    last: pd.Timestamp
    label: str


def steps_of(years: Iterable[int], length: int | str) -> list[CompositeStep]:
    """All steps of some years.

    Parameters
    ----------
    years : iterable of int
        Rising.
    length : int or str
        In days, or "month".
    """
    steps = []
    for year in years:
        end = pd.Timestamp(year, 12, 31)
        if length == "month":
            firsts, half, label = pd.date_range(f"{year}-01-01", end, freq="MS"), 15, "month"
        else:
            firsts = pd.date_range(f"{year}-01-01", end, freq=f"{length}D")
            half, label = int(length) // 2, f"{length} days"
        lasts = [*(firsts[1:] - DAY), end]
        steps += [CompositeStep(f, f + half * DAY, z, label) for f, z in zip(firsts, lasts)]
    return steps


def explained(first: pd.Timestamp, last: pd.Timestamp, outages: Sequence[Outage]) -> bool:
    """Whether an outage touches the days."""
    return any(start <= last and first <= end for start, end in outages)


def named(dates: Sequence[pd.Timestamp]) -> str:
    """Dates as in file names, the first of them where there are many."""
    text = ", ".join(f"{date:%Y%j}" for date in dates[:NAMED])
    return text if len(dates) <= NAMED else f"{text} and {len(dates) - NAMED} more"
