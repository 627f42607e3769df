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
OF_ANOTHER = re.compile("uncertainty|error|sigma")  # headings of columns beside those we read
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
NUMBER = re.compile(r"[-+]?\d+\.?\d*(e[-+]?\d+)?", re.IGNORECASE)
YEARS = range(1700, 2101)  # the budget begins in 1750, its annual sinks in 1959
LARGEST = 30.0  # PgC yr-1; the largest term, fossil emissions, reached 10.3 in 2024
N_COLUMNS = 128  # the sheets declare 1,024
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
        If the sheet, its header, a column, the unit or the numbers are missing, a heading fits
        two columns, a cell of the table is not a number, or the numbers cannot be a balance in
        PgC yr-1 with sinks that are positive into the ocean and the land.
    """
    path = only_file(path, PATTERN, "carbon budget workbook")
    rows = _rows(path)
    _check_unit(path, rows)
    columns = _columns(path, rows)
    records = list(_records(path, rows, columns))
    table = pd.DataFrame(records, columns=["year", *columns]).set_index("year")
    if table.empty or not table.index.is_unique:
        raise DataError(path, HEADER, f"{len(table)} years", "one row per year")
    _check_values(path, table)
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
        packed = path.read_bytes()
        if not packed:
            raise DataError(path, "file", "an empty file", "an xlsx workbook", "get it again")
        content = checked_workbook(path, packed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and charts
            book = openpyxl.load_workbook(content, read_only=True, data_only=True)
            name = next((name for name in book.sheetnames if name.strip() == SHEET), None)
            if name is None:
                raise DataError(path, "sheet", book.sheetnames, SHEET)
            return list(book[name].iter_rows(max_col=N_COLUMNS, values_only=True))
    except BROKEN as error:
        expected = "an xlsx workbook"
        raise (
            web_page_fault(path, expected)
            or DataError(path, "file", fault(error), expected, "get it again")
        ) from error


def _header(path: Path, rows: list[Row]) -> tuple[int, int]:
    """Row and column of the cell above the years, in the row with the most of our headings."""
    found = [
        (number, column)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if str(cell).strip().rstrip(" :").lower() == HEADER.lower()
    ]
    if not found:
        expected = f"the cell {HEADER!r} above the years"
        raise DataError(path, f"sheet {SHEET}", "no such cell", expected)
    return max(found, key=lambda place: sum(map(bool, _matches(rows[place[0]]).values())))


def _matches(row: Row) -> dict[str, list[int]]:
    """Positions in a row of the headings that fit each of our names."""
    header = [str(cell or "").strip().lower() for cell in row]
    return {
        name: [
            k
            for k, text in enumerate(header)
            if text.startswith(start) and not OF_ANOTHER.search(text)
        ]
        for name, start in COLUMNS.items()
    }


def _check_unit(path: Path, rows: list[Row]) -> None:
    first, _ = _header(path, rows)
    above = [str(cell) for row in rows[:first] for cell in row if cell is not None]
    alone = [text.strip() for text in above if text.strip().endswith("/yr") and len(text) < 12]
    if not any(UNIT in text for text in above) or any(text != UNIT for text in alone):
        raise DataError(path, f"unit of sheet {SHEET}", alone or "none", UNIT)


def _columns(path: Path, rows: list[Row]) -> dict[str, int]:
    """Position of each column, by our name."""
    first, _ = _header(path, rows)
    header = f"header of sheet {SHEET}"
    matches = _matches(rows[first])
    missing = [COLUMNS[name] for name, at in matches.items() if not at and name not in OPTIONAL]
    if missing:
        found = [str(cell).strip().lower() for cell in rows[first] if cell]
        raise DataError(path, header, found, missing)
    for at in matches.values():
        if len(at) > 1:
            found = [str(rows[first][k]).strip() for k in at]
            raise DataError(path, header, f"several columns {found}", "one of them")
    return {name: at[0] for name, at in matches.items() if at}


def _records(path: Path, rows: list[Row], columns: dict[str, int]) -> Iterator[dict[str, float]]:
    """Values of the rows below the header that have a year."""
    first, of_year = _header(path, rows)
    for number, row in enumerate(rows[first + 1 :], start=first + 2):
        year = _year(row[of_year]) if row else None
        if year is None and row:
            _check_left_out(path, number, row, of_year, columns)
        if year is not None:
            if year not in YEARS:
                expected = f"a year from {YEARS[0]} to {YEARS[-1]}"
                raise DataError(path, f"sheet {SHEET}, row {number}, {HEADER}", year, expected)
            values = {name: _number(path, number, name, row[k]) for name, k in columns.items()}
            yield {"year": year, **values}


def _check_left_out(
    path: Path, number: int, row: Row, of_year: int, columns: dict[str, int]
) -> None:
    """Refuse numbers beside a year that is a date or has a mark, such as ``2016*``.

    The edition of 2020 ends with a projection, ``2020*``, whose values are texts such as ``~9.3``.
    """
    cell = row[of_year]
    numbers = any(NUMBER.fullmatch(str(row[k]).strip()) for k in columns.values())
    if YEAR.match(str(cell).strip()) and numbers:
        variable = f"sheet {SHEET}, row {number}, {HEADER}"
        raise DataError(path, variable, repr(str(cell)[:40]), "a year of four digits")


def _check_values(path: Path, table: pd.DataFrame) -> None:
    """Refuse numbers in another unit, and sinks that are negative."""
    for name, values in table.items():
        wrong = values[values.abs() >= LARGEST]
        if len(wrong):
            found = f"{wrong.iloc[0]:g} in {wrong.index[0]}"
            expected = f"less than {LARGEST:g} {UNIT}"
            raise DataError(path, COLUMNS[str(name)], found, expected, "check the unit")
    for name in ("ocean_sink", "land_sink"):
        if table[name].mean() <= 0.0:
            expected = "a sink, positive into the ocean or the land"
            found = f"a mean of {table[name].mean():g} {UNIT}"
            raise DataError(path, COLUMNS[name], found, expected, "check its sign")


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
