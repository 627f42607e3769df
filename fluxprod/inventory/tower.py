"""Description of a tower table: site, period and number of good days."""

from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.inventory.record import RawRecord
from fluxprod.readers.towers import fluxnet


def describe_tower(record: RawRecord, tower: xr.Dataset, min_qc: float) -> None:
    """Count the days with good NEE and those without meteorology; note incomplete years.

    Parameters
    ----------
    record : RawRecord
        Record to complete.
    tower : Dataset, dims (time,)
        Daily values of one tower.
    min_qc : float
        Share of good half hours that a good day needs [1].
    """
    days = pd.DatetimeIndex(tower.time.values)
    record.site, record.source = tower.attrs["site"], tower.attrs["nee_column"]
    record.set_period(days)
    record.days = len(days)
    valid = tower.NEE.notnull() & (tower.NEE_QC >= min_qc)
    record.valid_nee_days = int(valid.sum())
    by_year = pd.Series(valid.values, days.year).groupby(level=0).sum()
    record.valid_nee_days_by_year = {str(year): int(n) for year, n in by_year.items()}
    if record.valid_nee_days:
        record.mean_nee = round(float(tower.NEE.where(valid).mean()), 6)
    else:
        record.problems.append(f"no day with NEE of quality {min_qc:g} or better")
    for name in ("P", "TA", "SW_IN"):
        missing = int(tower[name].isnull().sum())
        if missing:
            record.problems.append(f"{name} missing on {missing} of {len(days)} days")
    if not (days[0].is_year_start and days[-1].is_year_end):  # networks issue whole years
        period = f"{days[0]:%F} to {days[-1]:%F}"
        record.problems.append(f"{period} are not whole years; was the file cut off?")


def compare_years(record: RawRecord, path: Path) -> None:
    """Add a problem if a FLUXNET table covers other years than its name says, if it says any."""
    match = fluxnet.FILE_NAME.match(path.name)
    if match is None or match["first"] is None:
        return
    named = f"{match['first']}-{match['last']}"
    found = f"{str(record.first_date)[:4]}-{str(record.last_date)[:4]}"
    if named != found:
        record.problems.append(f"the file name says {named}, but the data cover {found}")
