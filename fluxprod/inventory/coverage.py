"""Years that the readable files of a data set span, even where a reader stopped at a broken one."""

from collections.abc import Iterable, Sequence

import pandas as pd

from fluxprod.core.time_axis import daily_axis
from fluxprod.inventory.needs import ERA5_VARIABLES, OPTIONAL
from fluxprod.inventory.record import RawRecord
from fluxprod.readers.era5.stated_units import VARIABLE_MAP as ERA5_NAMES
from fluxprod.readers.inversions.gfas import FIRST_YEAR as FIRST_GFAS_YEAR
from fluxprod.readers.inversions.gfas import VARIABLE as FIRE


def spanned_years(key: str, records: Sequence[RawRecord], years: range) -> dict[str, list[int]]:
    """Years of which every day lies between the first and the last date of some file.

    Parameters
    ----------
    key : str
        Data set, ``era5`` or ``gfas``; the latter needs no files before its record begins.
    records : sequence of RawRecord
        Records of its files.
    years : range
        Years that are wanted.

    Returns
    -------
    dict of str to list of int
        Those of ``years`` that are spanned, by variable; without optional variables of which
        there is no file.
    """
    if key == "era5":
        of_name = {ours: _with(records, ours) for ours in ERA5_VARIABLES}
        return {
            ours: _spanned(holding, years)
            for ours, holding in of_name.items()
            if holding or ours not in OPTIONAL
        }
    spanned = _spanned(records, years)
    return {FIRE: [year for year in years if year < FIRST_GFAS_YEAR or year in spanned]}


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
