"""Tables as the report shows them."""

from typing import NamedTuple

import numpy as np
import pandas as pd

DECIMALS = 3
MINUS = "\N{MINUS SIGN}"


class Cell(NamedTuple):
    """Text, and the number it is sorted by, if it is one."""

    text: str
    number: float | None = None


class ReportTable(NamedTuple):
    """A table of the report."""

    name: str
    title: str
    note: str
    columns: list[str]
    rows: list[list[Cell]]


def number_text(value: float, decimals: int = DECIMALS) -> str:
    """A number with fixed decimals and a real minus sign; a dash where there is none.

    >>> number_text(0.0004), number_text(2.5, 1)
    ('0.000', '2.5')
    """
    if not np.isfinite(value):
        return "–"
    text = f"{value:.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else text.lstrip("-")


def cell(value: object) -> Cell:
    """A cell of any type."""
    if isinstance(value, bool | np.bool_ | str):
        return Cell(str(value))
    if isinstance(value, int | np.integer):
        return Cell(f"{value}", float(value))
    if isinstance(value, float):
        return Cell(number_text(value), float(value) if np.isfinite(value) else None)
    raise TypeError(f"{value!r} of {type(value)}")


def column_text(name: str) -> str:
    """Heading of a column: its name in words.

    >>> column_text("monthly_RMSE_EC-ATM")
    'monthly RMSE EC-ATM'
    """
    return name.replace("_", " ")


def report_table(name: str, table: pd.DataFrame, title: str, note: str) -> ReportTable:
    """A table ready for the template."""
    rows = [[cell(value) for value in row] for row in table.itertuples(index=False, name=None)]
    return ReportTable(name, title, note, [column_text(str(c)) for c in table.columns], rows)
