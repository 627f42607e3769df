"""Years that the readable files of a data set span, even where a reader stopped at a broken one."""

from collections.abc import Iterable, Sequence

import pandas as pd

from fluxprod.core.time_axis import daily_axis
from fluxprod.inventory.record import RawRecord
from fluxprod.readers.era5.stated_units import VARIABLE_MAP as ERA5_NAMES


def spanned_years(key: str, records: Sequence[RawRecord], years: range) -> list[int]:
    """Years of which every day lies between the first and the last date of some file.

    Parameters
    ----------
    key : str
        Data set; for ``era5`` each of the three quantities has to span a year.
    records : sequence of RawRecord
        Records of its files.
    years : range
        Years that are wanted.

    Returns
    -------
    list of int
        Those of ``years`` that are spanned.
    """
    if key != "era5":
        return _spanned(records, years)
    parts = [_spanned(_with(records, ours), years) for ours in sorted(set(ERA5_NAMES.values()))]
    return [year for year in years if all(year in part for part in parts)]


def _with(records: Iterable[RawRecord], ours: str) -> list[RawRecord]:
    """Daily files that hold one of our ERA5 quantities."""
    return [
        record
        for record in records
        if record.days and ours in {ERA5_NAMES.get(n) for n in (record.source or "").split()}
    ]


def _spanned(records: Iterable[RawRecord], years: range) -> list[int]:
    days = pd.DatetimeIndex([])
    for record in records:
        if record.readable and record.first_date and record.last_date:
            days = days.union(pd.date_range(record.first_date, record.last_date))
    return [year for year in years if not len(daily_axis(year, year).difference(days))]
