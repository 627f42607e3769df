"""The site table of La Thuile as the network issues it: a workbook of Excel 97 (``.xls``).

It has the positions that ``Site_metadata.csv`` lacks. Values that are not there are `` TBD``.
"""

import struct
from pathlib import Path

import pandas as pd
import xlrd

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.site_table import checked_sites
from fluxprod.readers.towers.table_text import require, unreadable_table

HEADER_START = "Site ID"  # below some lines on the workbook
VARIABLE_MAP = {"Site ID": "site", "Latitude": "lat", "Longitude": "lon", "IGBP class": "igbp"}
MISSING = ("TBD", "")
# what xlrd makes of broken workbooks
BROKEN = (
    *(OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(AssertionError, RuntimeError, MemoryError, NotImplementedError, struct.error),
)


def read_lathuile_workbook(path: Path) -> pd.DataFrame:
    """Read the site table into columns site, lat [degree_north], lon [degree_east], igbp.

    Returns
    -------
    DataFrame
        One row a site, sorted; NaN or an empty ``igbp`` where the workbook has none.

    Raises
    ------
    DataError
        If the workbook is broken, a column is missing or a coordinate is off the globe.
    """
    table = _table(path, _rows(path))
    sites = pd.DataFrame({name: table[theirs] for theirs, name in VARIABLE_MAP.items()})
    return checked_sites(path, sites, MISSING)


def _rows(path: Path) -> list[list[str]]:
    """Cells of the first sheet as text."""
    try:
        with path.open("rb") as file:
            book = xlrd.open_workbook(file_contents=file.read(), logfile=_Silence())
        sheet = book.sheet_by_index(0)
        return [[str(cell) for cell in sheet.row_values(row)] for row in range(sheet.nrows)]
    except (*BROKEN, xlrd.XLRDError, xlrd.compdoc.CompDocError) as error:
        raise unreadable_table(path, error) from error


class _Silence:
    """Where xlrd writes its doubts about a file."""

    def write(self, text: str) -> None:
        """Forget."""


def _table(path: Path, rows: list[list[str]]) -> pd.DataFrame:
    """Rows below the header, by the header's names."""
    start = next((k for k, row in enumerate(rows) if row[:1] == [HEADER_START]), None)
    if start is None:
        raise DataError(path, HEADER_START, "no such header", "a row of column names")
    header = [name.strip() for name in rows[start]]
    require(path, header, VARIABLE_MAP)
    table = pd.DataFrame(rows[start + 1 :], columns=header, dtype=str)[list(VARIABLE_MAP)]
    return table[table["Site ID"].str.strip() != ""]
