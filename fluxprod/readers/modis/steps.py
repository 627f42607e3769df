"""Time steps of MODIS composites, which start again each year, so that the last is shorter."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

DAY = pd.Timedelta("1D")
MOST_DATES = 5  # in a message
Outage = tuple[pd.Timestamp, pd.Timestamp]


class CompositeStep(NamedTuple):
    """First, middle and last day of a step, and its length as text."""

    first: pd.Timestamp
    middle: pd.Timestamp
    last: pd.Timestamp
    label: str


def steps_of(years: Iterable[int], length: int | str) -> list[CompositeStep]:
    """List the steps of some years.

    Parameters
    ----------
    years : iterable of int
        In increasing order.
    length : int or str
        Length of a step [d], or ``month``.

    Returns
    -------
    list of CompositeStep
        Steps of all years, in order of time.
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


def in_outage(first: pd.Timestamp, last: pd.Timestamp, outages: Sequence[Outage]) -> bool:
    """Whether an outage overlaps with the days from ``first`` to ``last``."""
    return any(start <= last and first <= end for start, end in outages)


def date_list(dates: Sequence[pd.Timestamp]) -> str:
    """List dates as in file names (year and day of year), at most `MOST_DATES` of them."""
    text = ", ".join(f"{date:%Y%j}" for date in dates[:MOST_DATES])
    return text if len(dates) <= MOST_DATES else f"{text} and {len(dates) - MOST_DATES} more"
