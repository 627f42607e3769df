"""What the daily tower tables of all networks have in common: text columns and their checks."""

import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.errors import DataError

MISSING = -9999.0
BROKEN = (OSError, EOFError, ValueError, zlib.error)  # what pandas makes of broken files

# Wider than what nature does, narrower than another unit or fill value would give. Single wild
# days pass here and fall to the screening.
PLAUSIBLE = {
    "NEE": (-200.0, 200.0),  # g m-2 d-1
    "GPP": (-200.0, 200.0),
    "RECO": (-200.0, 200.0),
    "TA": (-95.0, 65.0),  # degC
    "SW_IN": (-50.0, 700.0),  # W m-2
    "P": (0.0, 2000.0),  # mm d-1; the record is 1825 mm, WMO 2007
    "QC": (0.0, 1.0),  # share of the day
}
UNITS = {
    "NEE": "g m-2 d-1",
    "GPP": "g m-2 d-1",
    "RECO": "g m-2 d-1",
    "TA": "degC",
    "SW_IN": "W m-2",
    "P": "mm d-1",
    "QC": "1",
}


def quantity(name: str) -> str:
    """Key of ``PLAUSIBLE`` and ``UNITS`` for a name such as ``TA_QC`` or ``GPP_NT``."""
    if name.endswith("_QC"):
        return "QC"
    return next(key for key in ("SW_IN", "NEE", "GPP", "RECO", "TA", "P") if name.startswith(key))


def read_header(path: Path) -> list[str]:
    """Column names of a comma separated table, plain or gzipped.

    Raises
    ------
    DataError
        If the file cannot be read or names a column twice.
    """
    try:
        # header=None, because pandas would rename a repeated column
        row = pd.read_csv(path, nrows=1, header=None, dtype=str, encoding="latin-1")
    except BROKEN as error:
        raise unreadable(path, error) from error
    names = [str(name).strip() for name in row.iloc[0]]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(path, "header", f"{repeated} more than once", "each column once")
    return names


def require(path: Path, header: Iterable[str], needed: Iterable[str]) -> None:
    """Raise a DataError that names the columns which are not there."""
    absent = [name for name in needed if name not in set(header)]
    if absent:
        start = ", ".join(list(header)[:4])
        raise DataError(path, ", ".join(absent), f"no such column (columns {start} ...)", "it")


def read_columns(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read numeric columns; the missing value becomes NaN.

    Raises
    ------
    DataError
        If the file is broken, or a field is empty or no number: providers write ``-9999``, so
        an empty field means a line that was cut.
    """
    try:
        table = pd.read_csv(
            path, usecols=columns, dtype=float, encoding="latin-1", keep_default_na=False
        )
    except BROKEN as error:
        raise unreadable(path, error) from error
    for name in columns:
        empty = table[name].isna().to_numpy()
        if empty.any():
            raise DataError(path, name, f"no value in row {empty.argmax() + 2}", "a number")
    return table[columns].replace(MISSING, np.nan)


def unreadable(path: Path, error: BaseException) -> DataError:
    """Error of a file that is no table."""
    text = str(error).strip().splitlines()
    reason = text[-1] if text else type(error).__name__
    return DataError(
        path, "file", f"unreadable ({reason})", "a whole table of numbers", "get it again"
    )


def check_daily(path: Path, days: pd.DatetimeIndex, column: str) -> None:
    """Raise a DataError unless each row is the day after the one before."""
    if len(days) == 0:
        raise DataError(path, column, "no rows", "one row a day")
    wrong = np.flatnonzero(np.diff(days.to_numpy()) != np.timedelta64(1, "D"))
    if wrong.size:
        before, after = days[wrong[0]], days[wrong[0] + 1]
        raise DataError(
            path, column, f"{after:%F} after {before:%F}", "every day once, in rising order"
        )


def check_plausible(path: Path, name: str, column: str, values: np.ndarray) -> None:
    """Raise a DataError where values tell of another unit or an undeclared fill value."""
    key = quantity(name)
    low, high = PLAUSIBLE[key]
    wrong = (values < low) | (values > high)
    if wrong.any():
        raise DataError(
            path,
            column,
            f"{values[wrong][0]:g}, {wrong.sum()} times beyond",
            f"{low:g} to {high:g} {UNITS[key]}, or {MISSING:g} where missing",
            "check units and fill value",
        )


def tower_dataset(
    days: pd.DatetimeIndex, columns: dict[str, np.ndarray], **attributes: str
) -> xr.Dataset:
    """Daily record of a tower in our names and units, dims (time)."""
    data = {
        name: ("time", values, {"units": UNITS[quantity(name)]}) for name, values in columns.items()
    }
    return xr.Dataset(data, coords={"time": days.as_unit("s").rename("time")}, attrs=attributes)
