"""Site table of La Thuile as issued by the network, an Excel 97 workbook (``.xls``).

It contains the positions that are missing in ``Site_metadata.csv``. Missing values are `` TBD``.
"""

import struct
from pathlib import Path

import pandas as pd
import xlrd

from fluxprod.core.errors import DataError
from fluxprod.readers.files.web_page import web_page_fault
from fluxprod.readers.towers.site_table import checked_sites
from fluxprod.readers.towers.table_text import require_columns, unreadable_table

HEADER_START = "Site ID"  # below some lines about the workbook
VARIABLE_MAP = {"Site ID": "site", "Latitude": "lat", "Longitude": "lon", "IGBP class": "igbp"}
MISSING = ("TBD", "")
# what xlrd raises for corrupt workbooks
BROKEN = (
    *(OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(AssertionError, RuntimeError, MemoryError, NotImplementedError, struct.error),
)


def read_lathuile_workbook(path: Path) -> pd.DataFrame:
    """Read the site table.

    Returns
    -------
    DataFrame
        Columns ``site``, ``lat`` [degree_north], ``lon`` [degree_east] and ``igbp``, one row per
        site, sorted by site; NaN, or an empty ``igbp``, where the workbook has no value.

    Raises
    ------
    DataError
        If the workbook is corrupt, a column is missing, or a coordinate is off the globe.
    """
    table = _table(path, _rows(path))
    sites = pd.DataFrame({name: table[theirs] for theirs, name in VARIABLE_MAP.items()})
    return checked_sites(path, sites, MISSING)


def _rows(path: Path) -> list[list[str]]:
    """Cells of the first sheet, as text."""
    try:
        content = path.read_bytes()
        if not content:
            raise DataError(path, "file", "an empty file", "an xls workbook", "get it again")
        book = xlrd.open_workbook(file_contents=content, logfile=_Silence())
        sheet = book.sheet_by_index(0)
        return [[str(cell) for cell in sheet.row_values(row)] for row in range(sheet.nrows)]
    except (*BROKEN, xlrd.XLRDError, xlrd.compdoc.CompDocError) as error:
        page = web_page_fault(path, "an xls workbook")
        raise page or unreadable_table(path, error) from error


class _Silence:
    """Log file for xlrd that discards its warnings."""

    def write(self, text: str) -> None:
        """Discard the text."""


def _table(path: Path, rows: list[list[str]]) -> pd.DataFrame:
    """Rows below the header, with its names as columns."""
    start = next((k for k, row in enumerate(rows) if row[:1] == [HEADER_START]), None)
    if start is None:
        raise DataError(path, HEADER_START, "no such header", "a row of column names")
    header = [name.strip() for name in rows[start]]
    require_columns(path, header, VARIABLE_MAP)
    table = pd.DataFrame(rows[start + 1 :], columns=header, dtype=str)[list(VARIABLE_MAP)]
    return table[table["Site ID"].str.strip() != ""]
