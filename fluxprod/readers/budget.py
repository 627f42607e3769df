"""Annual global balance from the Global Carbon Budget workbook (editions of 2017 to 2024)."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.files.netcdf import fault
from fluxprod.readers.files.only_file import only_file
from fluxprod.readers.files.web_page import web_page_fault
from fluxprod.readers.files.workbook import checked_workbook

PATTERN = "Global_Carbon_Budget_*.xlsx"
SHEET = "Global Carbon Budget"
UNIT = "GtC/yr"  # 1 GtC = 1 Pg of carbon
HEADER = "Year"  # in column A, or in B beside a counter without a name (2019 edition)
# Our names, and the start of each column heading; the rest differs between editions.
COLUMNS = {
    "fossil": "fossil",
    "land_use": "land-use change emissions",
    "growth": "atmospheric growth",
    "ocean_sink": "ocean sink",
    "land_sink": "land sink",
    "cement": "cement carbonation sink",
    "imbalance": "budget imbalance",
}
OPTIONAL = {"cement"}  # only since the 2020 edition
# "The land sink (uncertainty of ±0.5 GtC/yr on average) was ...", "All ... represent ± 1 sigma"
UNCERTAINTY = re.compile(r"land sink \(uncertainty of ±\s*(\d+(?:\.\d+)?)\s*GtC/yr", re.IGNORECASE)
YEAR = re.compile(r"\d{4}")
N_COLUMNS = 16  # the sheets declare 1,024
# what openpyxl raises for corrupt archives and corrupt XML
BROKEN = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, SyntaxError),
    RuntimeError,
    *(zipfile.BadZipFile, zlib.error),
)

Row = tuple[object, ...]


def read_budget(path: Path) -> pd.DataFrame:
    """Read the annual global balance.

    Parameters
    ----------
    path : Path
        The workbook, or a folder that contains one ``Global_Carbon_Budget_*.xlsx``.

    Returns
    -------
    DataFrame, index year
        Columns fossil, land_use, growth, ocean_sink, land_sink, cement (if given), imbalance and
        nee [PgC yr-1]. Sinks are positive into the ocean and the land; ``nee`` is -land_sink,
        positive to the atmosphere, and excludes land-use change.

    Raises
    ------
    DataError
        If the sheet, its header, a column, the unit or the numbers are missing, or a cell of the
        table is not a number.
    """
    path = only_file(path, PATTERN, "carbon budget workbook")
    rows = _rows(path)
    _check_unit(path, rows)
    columns = _columns(path, rows)
    records = list(_records(path, rows, columns))
    table = pd.DataFrame(records, columns=["year", *columns]).set_index("year")
    if table.empty or not table.index.is_unique:
        raise DataError(path, HEADER, f"{len(table)} years", "one row per year")
    return table.assign(nee=-table["land_sink"])


def read_land_sink_uncertainty(path: Path) -> float:
    """Read the uncertainty of the annual land sink, stated in the notes of the workbook.

    Parameters
    ----------
    path : Path
        The workbook, or a folder that contains one ``Global_Carbon_Budget_*.xlsx``.

    Returns
    -------
    float
        One standard deviation, NaN if it is not stated [PgC yr-1].

    Raises
    ------
    DataError
        If the workbook cannot be read or the sheet with the balance is missing.
    """
    path = only_file(path, PATTERN, "carbon budget workbook")
    notes = [str(cell) for row in _rows(path) for cell in row if isinstance(cell, str)]
    stated = [found for note in notes if (found := UNCERTAINTY.search(note))]
    return float(stated[0][1]) if stated else float("nan")


def _rows(path: Path) -> list[Row]:
    """All rows of the sheet with the balance."""
    try:
        content = checked_workbook(path, path.read_bytes())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and charts
            book = openpyxl.load_workbook(content, read_only=True, data_only=True)
            if SHEET not in book.sheetnames:
                raise DataError(path, "sheet", book.sheetnames, SHEET)
            return list(book[SHEET].iter_rows(max_col=N_COLUMNS, values_only=True))
    except BROKEN as error:
        expected = "an xlsx workbook"
        raise (
            web_page_fault(path, expected)
            or DataError(path, "file", fault(error), expected, "get it again")
        ) from error


def _header(path: Path, rows: list[Row]) -> tuple[int, int]:
    """Row and column of the cell above the years."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if str(cell).strip().lower() == HEADER.lower():
                return number, column
    raise DataError(path, f"sheet {SHEET}", "no such cell", f"the cell {HEADER!r} above the years")


def _check_unit(path: Path, rows: list[Row]) -> None:
    first, _ = _header(path, rows)
    above = [str(cell) for row in rows[:first] for cell in row if cell is not None]
    alone = [text.strip() for text in above if text.strip().endswith("/yr") and len(text) < 12]
    if not any(UNIT in text for text in above) or any(text != UNIT for text in alone):
        raise DataError(path, f"unit of sheet {SHEET}", alone or "none", UNIT)


def _columns(path: Path, rows: list[Row]) -> dict[str, int]:
    """Position of each column, by our name."""
    first, _ = _header(path, rows)
    header = [str(cell or "").strip().lower() for cell in rows[first]]
    position = {
        name: next((k for k, text in enumerate(header) if text.startswith(start)), -1)
        for name, start in COLUMNS.items()
    }
    missing = [COLUMNS[name] for name, k in position.items() if k < 0 and name not in OPTIONAL]
    if missing:
        raise DataError(path, f"header of sheet {SHEET}", [h for h in header if h], missing)
    return {name: k for name, k in position.items() if k >= 0}


def _records(path: Path, rows: list[Row], columns: dict[str, int]) -> Iterator[dict[str, float]]:
    """Values of the rows below the header that have a year."""
    first, of_year = _header(path, rows)
    for number, row in enumerate(rows[first + 1 :], start=first + 2):
        year = _year(row[of_year]) if row else None
        if year is not None:
            values = {name: _number(path, number, name, row[k]) for name, k in columns.items()}
            yield {"year": year, **values}


def _year(cell: object) -> int | None:
    """Year in a cell; None below and between the rows of the table."""
    if isinstance(cell, str) and YEAR.fullmatch(cell.strip()):
        return int(cell)
    if isinstance(cell, int | float) and float(cell).is_integer():
        return int(cell)
    return None


def _number(path: Path, row: int, name: str, cell: object) -> float:
    """Number in a cell, which may be a text; NaN in an empty one."""
    text = str(cell if cell is not None else "").strip()
    try:
        return float(text) if text else float("nan")
    except ValueError as error:
        variable = f"sheet {SHEET}, row {row}, {COLUMNS[name]}"
        raise DataError(path, variable, repr(cell), f"a number in {UNIT}") from error
