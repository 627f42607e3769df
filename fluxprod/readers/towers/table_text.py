"""Reading and checks common to the daily tower tables of all networks."""

import codecs
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
from fluxprod.core.units import vapour_pressure
from fluxprod.readers.files.archive import open_member
from fluxprod.readers.files.netcdf import fault
from fluxprod.readers.files.web_page import ACTION, LENGTH, web_page_in
from fluxprod.readers.towers.files import TowerFile, tower_file

MAX_TABLE = 2**30  # byte; 30 years of days in 400 columns are 40 MB
BLOCK = 2**20  # byte
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SHOWN = 40  # characters of a line that a message shows
MISSING = -9999.0
BROKEN = (OSError, EOFError, ValueError, zlib.error)  # what pandas raises for corrupt files

RADIATION = ("SW_IN", "SW_IN_POT")
FULL_YEAR = 365  # days
# W m-2; on all land the largest daily mean of a year exceeds 200 W m-2, and is below 46 MJ m-2 d-1
MIN_ANNUAL_MAX = 60.0
# share of the saturation pressure of all days together; 0.150 to 0.767 at 68 towers of FLUXNET2015
# and ICOS, a tenth of which are in kPa. Below this, the air of a year would have 95 % humidity
MIN_DEFICIT = 0.05  # 1

# Wider than the natural range, but narrower than another unit or a fill value would give. Single
# outliers pass here and are removed by the screening.
PLAUSIBLE = {
    "NEE": (-200.0, 200.0),  # g m-2 d-1
    "GPP": (-200.0, 200.0),
    "RECO": (-200.0, 200.0),
    "TA": (-95.0, 65.0),  # degC
    "SW_IN": (-50.0, 700.0),  # W m-2
    "P": (0.0, 2000.0),  # mm d-1; the record is 1825 mm, WMO 2007
    "VPD": (-5.0, 160.0),  # hPa
    "H2OSTOR": (-2000.0, 5000.0),  # mm, relative to a state chosen by the site
    "QC": (0.0, 1.0),  # fraction of the day
}
UNITS = {
    "NEE": "g m-2 d-1",
    "GPP": "g m-2 d-1",
    "RECO": "g m-2 d-1",
    "TA": "degC",
    "SW_IN": "W m-2",
    "P": "mm d-1",
    "VPD": "hPa",
    "H2OSTOR": "mm",
    "QC": "1",
}


def quantity(name: str) -> str:
    """Key of ``PLAUSIBLE`` and ``UNITS`` for a name such as ``TA_QC`` or ``GPP_NT``."""
    if name.endswith("_QC"):
        return "QC"
    keys = ("SW_IN", "NEE", "GPP", "RECO", "TA", "P", "VPD", "H2OSTOR")
    return next(key for key in keys if name.startswith(key))


class TowerText(NamedTuple):
    """Decompressed content of a table, and its name for error messages."""

    label: Path
    content: bytes


def table_text(source: Path | TowerFile) -> TowerText:
    """Read the complete content of a table that is plain, gzipped, or a member of an archive.

    Raises
    ------
    DataError
        If the file cannot be read, is empty, a web page or a message of a server, or is longer
        than ``MAX_TABLE``.
    """
    path, member = file = tower_file(source)
    try:
        with path.open("rb") if member is None else open_member(path, member) as stream:
            raw = _bounded(stream, file.label)
        if found := web_page_in(raw[:LENGTH]):
            raise DataError(file.label, "file", found, "a table", ACTION)
        content = _unpacked(raw, file.label)
    except BROKEN as error:
        raise unreadable_table(file.label, error) from error
    content = content.removeprefix(BYTE_ORDER_MARK)
    if not content.strip():
        raise DataError(file.label, "file", "an empty file", "a table", "get it again")
    return TowerText(file.label, content)


def _unpacked(raw: bytes, label: Path) -> bytes:
    if not raw or label.suffix.lower() != ".gz":
        return raw
    with gzip.GzipFile(fileobj=io.BytesIO(raw)) as unpacked:
        return _bounded(unpacked, label)


def _bounded(stream: BinaryIO | gzip.GzipFile, label: Path) -> bytes:
    """All bytes, read in blocks because ``read`` allocates as many as it is asked for."""
    content = bytearray()
    while block := stream.read(BLOCK):
        content += block
        if len(content) > MAX_TABLE:
            raise DataError(label, "file", f"more than {MAX_TABLE} bytes", "a table of days")
    return bytes(content)


def read_header(source: Path | TowerFile) -> list[str]:
    """Read the column names of a CSV table; see `header_of`."""
    return header_of(table_text(source))


def header_of(text: TowerText) -> list[str]:
    """Column names in the first line.

    Raises
    ------
    DataError
        If a name occurs twice, or columns are not separated by commas.
    """
    first = text.content.splitlines()[0].decode("latin-1")
    if found := _other_form(text.content, first):
        expected = "columns separated by commas, and decimal points"
        raise DataError(text.label, "header", found, expected, "save it again in that form")
    try:
        names = [name.strip() for name in next(csv.reader([first]), [])]
    except csv.Error as error:
        raise unreadable_table(text.label, error) from error
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(text.label, "header", f"{repeated[:4]} more than once", "each column once")
    return names


def _other_form(content: bytes, first: str) -> str:
    """Say how a spreadsheet saved a table in another form; empty if it did not."""
    if content.startswith(UTF_16) or "\0" in first:
        return "text in UTF-16"
    if first.lower().startswith("sep="):
        return f"a first line {first.strip()[:SHOWN]!r}"
    if "," in first:
        return ""
    between = next((mark for mark in ";\t" if mark in first), None)
    return f"columns separated by {between!r} in {first[:SHOWN]!r}" if between else ""


def require_columns(path: Path, header: Iterable[str], needed: Iterable[str]) -> None:
    """Raise a DataError that names the missing columns."""
    absent = [name for name in needed if name not in set(header)]
    if absent:
        start = ", ".join(list(header)[:4])[:SHOWN]
        found = f"no such column (columns {start} ...)"
        raise DataError(path, ", ".join(absent), found, "these columns")


def check_last_value(text: TowerText) -> None:
    """Raise a DataError if the last line has no line end, so that its value may be truncated."""
    last = text.content.splitlines()[-1].decode("latin-1").strip(" ,;")
    if last and not text.content.endswith((b"\n", b"\r")):
        raise DataError(
            text.label,
            "last line",
            f"no line end after {last[-20:]!r}",
            "a line end, because the last value may be truncated",
            "get it again, or end the line if it is complete",
        )


def check_end(text: TowerText, days: pd.DatetimeIndex) -> None:
    """Raise a DataError if the last line has no line end and is not the last day of a year.

    Networks issue complete years and end each line, so the last number may be truncated.
    """
    if not text.content.endswith((b"\n", b"\r")) and not days[-1].is_year_end:
        raise DataError(
            text.label,
            "last line",
            f"no line end, on {days[-1]:%F}",
            "a table of complete years",
            "the file was truncated: get it again",
        )


def unreadable_table(path: Path, error: BaseException) -> DataError:
    """Describe a file that could not be read as a table."""
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
        return DataError(path, "file", fault(error), "a table")
    text = str(error).strip().splitlines()  # pandas states the reason last
    found = f"unreadable content ({text[-1] if text else type(error).__name__})"
    return DataError(path, "file", found, "a complete table", "get it again")


def out_of_range(values: np.ndarray, wrong: np.ndarray) -> str:
    """Describe the values that are ``wrong``, for an error message."""
    return f"{values[wrong][0]:g}, the first of {wrong.sum()} out of range"


def check_daily(path: Path, days: pd.DatetimeIndex, column: str) -> None:
    """Raise a DataError unless each row is one day after the previous one."""
    if len(days) == 0:
        raise DataError(path, column, "no rows", "one row per day")
    wrong = np.flatnonzero(np.diff(days.to_numpy()) != np.timedelta64(1, "D"))
    if wrong.size:
        before, after = days[wrong[0]], days[wrong[0] + 1]
        raise DataError(
            path, column, f"{after:%F} after {before:%F}", "every day once, in increasing order"
        )


def check_tower_values(path: Path, name: str, column: str, values: np.ndarray) -> None:
    """Raise a DataError if values are impossible, as in another unit or with another fill value.

    Parameters
    ----------
    path : Path
        File name for error messages.
    name : str
        Our name of the variable, such as ``TA`` or ``GPP_NT``.
    column : str
        Its column in the file.
    values : ndarray
        In the units of ``UNITS``, NaN where missing.
    """
    key = quantity(name)
    low, high = PLAUSIBLE[key]
    wrong = (values < low) | (values > high)
    if wrong.any():
        raise DataError(
            path,
            column,
            out_of_range(values, wrong),
            f"{low:g} to {high:g} {UNITS[key]}, or {MISSING:g} where missing",
            "check the unit and fill value",
        )


def check_radiation(path: Path, native: dict[str, str], columns: dict[str, np.ndarray]) -> None:
    """Raise a DataError if a year of radiation appears to be in MJ m-2 d-1 instead of W m-2.

    Parameters
    ----------
    path : Path
        File name for error messages.
    native : dict of str to str
        Column names in the file, by our names.
    columns : dict of str to ndarray
        Values by our names; radiation in [W m-2].
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


def check_deficit(path: Path, native: dict[str, str], columns: dict[str, np.ndarray]) -> None:
    """Raise a DataError if a year of vapour pressure deficit appears to be in kPa instead of hPa.

    Parameters
    ----------
    path : Path
        File name for error messages.
    native : dict of str to str
        Column names in the file, by our names.
    columns : dict of str to ndarray
        Values by our names: ``TA`` [degC] and, if present, ``VPD`` [hPa].
    """
    if "VPD" not in columns:
        return
    both = np.isfinite(columns["VPD"]) & np.isfinite(columns["TA"])
    if both.sum() < FULL_YEAR:
        return
    saturated = vapour_pressure(columns["TA"][both]).mean()
    share = columns["VPD"][both].mean() / saturated
    if share < MIN_DEFICIT:
        raise DataError(
            path,
            native["VPD"],
            f"a mean of {share:.1%} of the saturation pressure",
            f"at least {MIN_DEFICIT:.0%}",
            "the unit looks like kPa instead of hPa",
        )


def tower_dataset(
    days: pd.DatetimeIndex, columns: dict[str, np.ndarray], **attributes: str
) -> xr.Dataset:
    """Daily record of a tower in our names and the units of ``UNITS``, dims (time)."""
    data = {
        name: ("time", values, {"units": UNITS[quantity(name)]}) for name, values in columns.items()
    }
    return xr.Dataset(data, coords={"time": days.as_unit("s").rename("time")}, attrs=attributes)
