"""What the daily tower tables of all networks have in common: text columns and their checks."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.archive import open_member
from fluxprod.readers.towers.files import TowerFile, tower_file

MAX_TABLE = 2**30  # byte; 30 years of days in 400 columns are 40 MB
BLOCK = 2**20  # byte
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MISSING = -9999.0
BROKEN = (OSError, EOFError, ValueError, zlib.error)  # what pandas makes of broken files

RADIATION = ("SW_IN", "SW_IN_POT")
FULL_YEAR = 365  # days
# the largest daily mean of a year is above 200 W m-2 on all land; as energy it is below 46 MJ m-2
MIN_ANNUAL_MAX = 60.0

# Wider than what nature does, narrower than another unit or fill value would give. Single wild
# days pass here and fall to the screening.
PLAUSIBLE = {
    "NEE": (-200.0, 200.0),  # g m-2 d-1
    "GPP": (-200.0, 200.0),
    "RECO": (-200.0, 200.0),
    "TA": (-95.0, 65.0),  # degC
    "SW_IN": (-50.0, 700.0),  # W m-2
    "P": (0.0, 2000.0),  # mm d-1; the record is 1825 mm, WMO 2007
    "H2OSTOR": (-2000.0, 5000.0),  # mm, from a start that sites choose
    "QC": (0.0, 1.0),  # share of the day
}
UNITS = {
    "NEE": "g m-2 d-1",
    "GPP": "g m-2 d-1",
    "RECO": "g m-2 d-1",
    "TA": "degC",
    "SW_IN": "W m-2",
    "P": "mm d-1",
    "H2OSTOR": "mm",
    "QC": "1",
}


def quantity(name: str) -> str:
    """Key of ``PLAUSIBLE`` and ``UNITS`` for a name such as ``TA_QC`` or ``GPP_NT``."""
    if name.endswith("_QC"):
        return "QC"
    keys = ("SW_IN", "NEE", "GPP", "RECO", "TA", "P", "H2OSTOR")
    return next(key for key in keys if name.startswith(key))


class TowerText(NamedTuple):
    """Bytes of a table, unpacked, and the name that messages give it."""

    label: Path
    content: bytes


def table_text(source: Path | TowerFile) -> TowerText:
    """Read a table whole: plain, gzipped, or a member of an archive.

    Raises
    ------
    DataError
        If the file cannot be read, is empty, a web page, or longer than ``MAX_TABLE``.
    """
    path, member = file = tower_file(source)
    try:
        with path.open("rb") if member is None else open_member(path, member) as stream:
            content = _unpacked(stream, file.label)
    except BROKEN as error:
        raise unreadable_table(file.label, error) from error
    content = content.removeprefix(BYTE_ORDER_MARK)
    if not content.strip():
        raise DataError(file.label, "file", "nothing in it", "a table", "get it again")
    if content.lstrip().startswith(b"<"):
        raise DataError(
            file.label, "file", "a web page (HTML)", "a table", "log in and get it again"
        )
    return TowerText(file.label, content)


def _unpacked(stream: BinaryIO, label: Path) -> bytes:
    if label.suffix.lower() == ".gz":
        with gzip.GzipFile(fileobj=stream) as unpacked:
            return _bounded(unpacked, label)
    return _bounded(stream, label)


def _bounded(stream: BinaryIO | gzip.GzipFile, label: Path) -> bytes:
    """All bytes, read by blocks, because ``read`` makes room for as many as it is asked for."""
    content = bytearray()
    while block := stream.read(BLOCK):
        content += block
        if len(content) > MAX_TABLE:
            raise DataError(label, "file", f"more than {MAX_TABLE} bytes", "a table of days")
    return bytes(content)


def read_header(source: Path | TowerFile) -> list[str]:
    """Column names of a comma separated table: see `header_of`."""
    return header_of(table_text(source))


def header_of(text: TowerText) -> list[str]:
    """Column names in the first line.

    Raises
    ------
    DataError
        If a column is named twice.
    """
    first = text.content.splitlines()[0].decode("latin-1")
    try:
        names = [name.strip() for name in next(csv.reader([first]), [])]
    except csv.Error as error:
        raise unreadable_table(text.label, error) from error
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(text.label, "header", f"{repeated[:4]} more than once", "each column once")
    return names


def require(path: Path, header: Iterable[str], needed: Iterable[str]) -> None:
    """Raise a DataError that names the columns which are not there."""
    absent = [name for name in needed if name not in set(header)]
    if absent:
        start = ", ".join(list(header)[:4])
        raise DataError(path, ", ".join(absent), f"no such column (columns {start} ...)", "it")


def columns_of(text: TowerText, columns: list[str]) -> pd.DataFrame:
    """Read numeric columns by name, in whatever order they stand; the missing value becomes NaN.

    Raises
    ------
    DataError
        If a line has not as many fields as the header, a field is empty or no number (providers
        write ``-9999``, so an empty field means a line that was cut), or the last may be cut.
    """
    header = header_of(text)
    _check_fields(text, len(header))
    if header[-1] in columns:
        check_last_value(text)
    try:
        table = pd.read_csv(
            io.BytesIO(text.content),
            header=0,
            names=header,
            usecols=columns,
            dtype=float,
            encoding="latin-1",
            keep_default_na=False,
            quoting=csv.QUOTE_NONE,
        )
    except BROKEN as error:
        raise unreadable_table(text.label, error) from error
    for name in columns:
        empty = table[name].isna().to_numpy()
        if empty.any():
            raise DataError(text.label, name, f"no value in row {empty.argmax() + 2}", "a number")
    return table[columns].replace(MISSING, np.nan)


def _check_fields(text: TowerText, count: int) -> None:
    """Raise a DataError at the first line that would shift columns."""
    for number, line in enumerate(text.content.splitlines(), start=1):
        fields = line.count(b",") + 1
        if line and fields != count:
            raise DataError(
                text.label,
                f"line {number}",
                f"{fields} fields",
                f"{count} as in the header",
                "the file was cut or changed: get it again",
            )


def check_last_value(text: TowerText) -> None:
    """Raise a DataError if the last value of a table has no line end: it may be cut."""
    last = text.content.splitlines()[-1].decode("latin-1").strip(" ,;")
    if last and not text.content.endswith((b"\n", b"\r")):
        raise DataError(
            text.label,
            "last line",
            f"no line end after {last[-20:]!r}",
            "a line end, because the last value may be cut",
            "get it again, or end the line if it is whole",
        )


def check_end(text: TowerText, days: pd.DatetimeIndex) -> None:
    """Raise a DataError if the last line has no end and its day does not end a year.

    Networks issue whole years and end each line, so the last number may have been cut.
    """
    if not text.content.endswith((b"\n", b"\r")) and not days[-1].is_year_end:
        raise DataError(
            text.label,
            "last line",
            f"no line end, on {days[-1]:%F}",
            "a table of whole years",
            "the file was cut: get it again",
        )


def unreadable_table(path: Path, error: BaseException) -> DataError:
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


def check_tower_values(path: Path, name: str, column: str, values: np.ndarray) -> None:
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


def check_radiation(path: Path, native: dict[str, str], columns: dict[str, np.ndarray]) -> None:
    """Raise a DataError where a year of radiation speaks of MJ m-2 d-1 instead of W m-2.

    Parameters
    ----------
    path : Path
        For the message.
    native, columns : dict
        Column names of the file and values [W m-2], by our names.
    """
    for name in RADIATION:
        values = columns[name]
        if np.isfinite(values).sum() >= FULL_YEAR and np.nanmax(values) < MIN_ANNUAL_MAX:
            raise DataError(
                path,
                native[name],
                f"a yearly maximum of {np.nanmax(values):.1f}",
                f"more than {MIN_ANNUAL_MAX:g} W m-2",
                "the unit looks like MJ m-2 d-1",
            )


def tower_dataset(
    days: pd.DatetimeIndex, columns: dict[str, np.ndarray], **attributes: str
) -> xr.Dataset:
    """Daily record of a tower in our names and units, dims (time)."""
    data = {
        name: ("time", values, {"units": UNITS[quantity(name)]}) for name, values in columns.items()
    }
    return xr.Dataset(data, coords={"time": days.as_unit("s").rename("time")}, attrs=attributes)
