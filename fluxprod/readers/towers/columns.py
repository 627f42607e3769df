"""Numeric columns of a daily tower table, as issued or as saved again by R, pandas or Excel.

Providers write plain numbers and -9999 where a value is missing. Programs that save a table again
may quote the numbers, and write NA, NaN or nothing.
"""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.table_text import (
    BROKEN,
    MISSING,
    TowerText,
    check_last_value,
    header_of,
    unreadable_table,
)

QUOTE = b'"'
MISSING_TEXTS = ("", "NA", "NaN", "nan")
LONGEST = 40  # characters of a cell that a message shows


def columns_of(text: TowerText, columns: list[str]) -> pd.DataFrame:
    """Read numeric columns by name, with missing values as NaN.

    Parameters
    ----------
    text : TowerText
        Content of the table.
    columns : list of str
        Columns to read, which may be in any order in the file.

    Returns
    -------
    DataFrame of float
        The columns in the order of ``columns``.

    Raises
    ------
    DataError
        If the number of fields in a line differs from the header, a cell is neither a number nor
        one of ``MISSING_TEXTS``, or the last value may be truncated.
    """
    header = header_of(text)
    _check_fields(text, len(header))
    if header[-1] in columns:
        check_last_value(text)
    table = None if QUOTE in text.content else _plain_numbers(text, header, columns)
    if table is None or table.isna().to_numpy().any():
        table = _cells(text, header, columns)
        table = table.apply(lambda cells: _numbers(text, cells))
    return table[columns].replace(MISSING, np.nan)


def _plain_numbers(text: TowerText, header: list[str], columns: list[str]) -> pd.DataFrame | None:
    """Columns of a table as issued, read fast; None if a cell is not a number."""
    try:
        return pd.read_csv(
            io.BytesIO(text.content),
            header=0,
            names=header,
            usecols=columns,
            dtype=float,
            encoding="latin-1",
            keep_default_na=False,
            quoting=csv.QUOTE_NONE,
        )
    except ValueError:
        return None


def _cells(text: TowerText, header: list[str], columns: list[str]) -> pd.DataFrame:
    """Columns as text, without quotes."""
    try:
        return pd.read_csv(
            io.BytesIO(text.content),
            header=0,
            names=header,
            usecols=columns,
            dtype=str,
            encoding="latin-1",
            keep_default_na=False,
        )
    except BROKEN as error:
        raise unreadable_table(text.label, error) from error


def _numbers(text: TowerText, cells: pd.Series) -> pd.Series:
    """Numbers in a column of texts, NaN where missing."""
    plain = cells.str.strip()
    values = pd.to_numeric(plain, errors="coerce").astype(float)
    wrong = (values.isna() & ~plain.isin(MISSING_TEXTS)).to_numpy()
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            text.label,
            f"row {row + 2}, column {cells.name}",
            repr(str(cells.iloc[row])[:LONGEST]),
            f"a number, or {MISSING:g} where missing",
        )
    return values


def _check_fields(text: TowerText, count: int) -> None:
    """Raise a DataError for the first line with more or fewer fields than the header."""
    for number, fields in enumerate(_field_counts(text), start=1):
        if fields not in (0, count):
            raise DataError(
                text.label,
                f"line {number}",
                f"{fields} fields",
                f"{count} as in the header",
                "the file was truncated or changed: get it again",
            )


def _field_counts(text: TowerText) -> Iterator[int]:
    """Number of fields in each line, 0 in an empty one."""
    lines = text.content.splitlines()
    if QUOTE not in text.content:
        yield from (line.count(b",") + 1 if line else 0 for line in lines)
        return
    try:
        yield from (len(next(csv.reader([line.decode("latin-1")]), [])) for line in lines)
    except csv.Error as error:
        raise unreadable_table(text.label, error) from error
