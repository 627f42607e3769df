"""How many good days a tower record holds."""

from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.inventory.record import RawRecord
from fluxprod.readers.towers import fluxnet


def describe_tower(record: RawRecord, tower: xr.Dataset, min_qc: float) -> None:
    """Count days with NEE of sufficient quality and without meteorology; note a broken year."""
    days = pd.DatetimeIndex(tower.time.values)
    record.site, record.source = tower.attrs["site"], tower.attrs["nee_column"]
    record.set_period(days)
    record.days = len(days)
    valid = tower.NEE.notnull() & (tower.NEE_QC >= min_qc)
    record.valid_nee_days = int(valid.sum())
    if record.valid_nee_days:
        record.mean_nee = round(float(tower.NEE.where(valid).mean()), 6)
    else:
        record.problems.append(f"no day with NEE of quality {min_qc:g}")
    for name in ("P", "TA", "SW_IN"):
        missing = int(tower[name].isnull().sum())
        if missing:
            record.problems.append(f"{name} missing on {missing} of {len(days)} days")
    if not (days[0].is_year_start and days[-1].is_year_end):  # networks issue whole years
        record.problems.append(f"{days[0]:%F} to {days[-1]:%F} are not whole years: cut off?")


def compare_years(record: RawRecord, path: Path) -> None:
    """Note a problem if a FLUXNET table is of other years than its name says."""
    match = fluxnet.FILE_NAME.match(path.name)
    named = f"{match['first']}-{match['last']}" if match else ""
    found = f"{str(record.first_date)[:4]}-{str(record.last_date)[:4]}"
    if named != found:
        record.problems.append(f"the name says {named}, the data are of {found}")
