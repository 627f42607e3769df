"""Tables as the report shows them."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.evaluation.run.sources import ALL

DECIMALS = 3
FINER = {"annual_RMSE": 4}  # decimals of measures that the paper gives more of
MINUS = "\N{MINUS SIGN}"
SPREAD = "_spread"
MEASURES = {
    "monthly_R": "R, monthly totals",
    "monthly_RMSE": "RMSE, monthly totals [PgC/month]",
    "MSC_R": "R, mean seasonal cycle",
    "MSC_RMSE": "RMSE, mean seasonal cycle [PgC/month]",
    "annual_R": "R, annual totals",
    "annual_RMSE": "RMSE, annual totals [PgC/yr]",
}


class Cell(NamedTuple):
    """Text, the number it is sorted by, if it is one, and whether it is the best of its kind."""

    text: str
    number: float | None = None
    best: bool = False


class Group(NamedTuple):
    """Heading over neighbouring columns; no text where a column stands alone."""

    text: str
    width: int


class ReportTable(NamedTuple):
    """A table of the report."""

    name: str
    title: str
    note: str
    groups: list[Group]
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


def cell(value: object, decimals: int = DECIMALS) -> Cell:
    """A cell of any type."""
    if isinstance(value, bool | np.bool_ | str):
        return Cell(str(value))
    if isinstance(value, int | np.integer):
        return Cell(f"{value}", float(value))
    if isinstance(value, float):
        return Cell(number_text(value, decimals), float(value) if np.isfinite(value) else None)
    raise TypeError(f"{value!r} of {type(value)}")


def measure_and_source(column: str) -> tuple[str, str] | None:
    """Parts of a column that scores a source; None of any other.

    >>> measure_and_source("monthly_RMSE_EC-ATM")
    ('monthly_RMSE', 'EC-ATM')
    """
    measure, _, source = column.rpartition("_")
    return (measure, source) if measure and source in ALL else None


def column_text(name: str) -> str:
    """Heading of a column: its name in words, or the source where a group says the rest.

    >>> column_text("n_days"), column_text("monthly_RMSE_EC-ATM")
    ('n days', 'EC-ATM')
    """
    parts = measure_and_source(name)
    return parts[1] if parts else name.replace("_", " ")


def _groups(columns: list[str]) -> list[Group]:
    """Headings over the columns; none where no column scores a source."""
    groups: list[Group] = []
    for column in columns:
        parts = measure_and_source(column)
        text = MEASURES.get(parts[0], column_text(parts[0])) if parts else ""
        if groups and text == groups[-1].text:
            text, width = groups.pop()
            groups.append(Group(text, width + 1))
        else:
            groups.append(Group(text, 1))
    return groups if any(group.text for group in groups) else []


def _with_spread(values: list[Cell], spread: pd.Series) -> list[Cell]:
    texts = [number_text(value) for value in spread]
    return [
        Cell(f"{value.text} ± {text}", value.number) if text != "–" else value
        for value, text in zip(values, texts)
    ]


def _mark_best(columns: dict[str, list[Cell]]) -> None:
    """Mark the best source of each measure and row: the largest R, the smallest RMSE."""
    for measure in MEASURES:
        names = [name for name in columns if (measure_and_source(name) or ("",))[0] == measure]
        sign = -1.0 if measure.endswith("RMSE") else 1.0
        for row, cells in enumerate(zip(*(columns[name] for name in names))):
            ranked = [
                (sign * found.number, found.text) for found in cells if found.number is not None
            ]
            for name, found in zip(names, cells):
                best = bool(ranked) and found.text == max(ranked)[1]
                columns[name][row] = found._replace(best=best)


def report_table(name: str, table: pd.DataFrame, title: str, note: str) -> ReportTable:
    """A table ready for the template: a source and its spread in one cell, the best marked."""
    columns: dict[str, list[Cell]] = {}
    for column in map(str, table.columns):
        source = column.removesuffix(SPREAD)
        if source != column and source in columns:
            columns[source] = _with_spread(columns[source], table[column])
            continue
        decimals = FINER.get((measure_and_source(column) or ("",))[0], DECIMALS)
        columns[column] = [cell(value, decimals) for value in table[column].tolist()]
    _mark_best(columns)
    rows = [list(row) for row in zip(*columns.values())]
    heads = [column_text(column) for column in columns]
    return ReportTable(name, title, note, _groups(list(columns)), heads, rows)
