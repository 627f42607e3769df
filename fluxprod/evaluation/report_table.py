"""Tables as the report shows them."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.evaluation.run.sources import ALL

DECIMALS = 3
MINUS = "\N{MINUS SIGN}"
SPREAD = "_spread"


class Score(NamedTuple):
    """Heading of a score, the number of decimals shown, and whether a larger value is better."""

    heading: str
    decimals: int
    more_is_better: bool


SCORES = {  # with the headings and decimals of Tables 2 and 3 of Upton et al.
    "monthly_R": Score("Pearson's R – monthly integrals", 3, True),
    "monthly_RMSE": Score("RMSE – monthly integrals [PgC/month]", 3, False),
    "MSC_R": Score("Pearson's R – MSC", 3, True),
    "MSC_RMSE": Score("RMSE – MSC [PgC/month]", 3, False),
    "annual_R": Score("Pearson's R – annual", 3, True),
    "annual_RMSE": Score("RMSE – annual [PgC/yr]", 4, False),
}
COLUMNS = {  # headings of columns whose names are not words
    "nee": "NEE",
    "iav": "IAV",
    "n_members": "members",
    "igbp": "land cover (IGBP)",
    "n_sites": "sites",
    "n_days": "site-days",
    "r2": "R2",
    "r2_held_out": "R2, held-out years",
    "draws_r2": "R2 of the draws, mean",
    "draws_r2_sd": "R2 of the draws, SD",
    "draws_r2_min": "R2 of the draws, minimum",
    "cells": "contributing cells",
    "cells_a_step": "cells in one training step",
    "draws_cells": "cells of the draws, mean",
    "draws_cells_sd": "cells of the draws, SD",
    "shift": "share of the expected response",
    "draws_shift": "share of the draws, mean",
    "draws_shift_sd": "share of the draws, SD",
    "overlap_cells": "overlap of contributing cells",
    "overlap_candidates": "overlap of candidates",
}


class Cell(NamedTuple):
    """Text of a cell, its sort key if it is numeric, and whether it holds the best score."""

    text: str
    number: float | None = None
    best: bool = False


class Group(NamedTuple):
    """Heading above ``width`` adjacent columns; empty above a column without a group."""

    text: str
    width: int


class ReportTable(NamedTuple):
    """A table ready for the report's template."""

    name: str
    title: str
    note: str
    groups: list[Group]
    columns: list[str]
    rows: list[list[Cell]]

    @property
    def is_prose(self) -> bool:
        """Whether the table has no numbers, so that its texts may be long."""
        return not any(cell.number is not None for row in self.rows for cell in row)


def number_text(value: float, decimals: int = DECIMALS) -> str:
    """Number with fixed decimals and a typographic minus sign; a dash if it is not finite.

    >>> number_text(0.0004), number_text(2.5, 1)
    ('0.000', '2.5')
    """
    if not np.isfinite(value):
        return "–"
    text = f"{value:.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else text.lstrip("-")


def cell(value: object, decimals: int = DECIMALS) -> Cell:
    """Format a text or a number.

    Raises
    ------
    TypeError
        If the value is neither.
    """
    if isinstance(value, bool | np.bool_ | str):
        return Cell(str(value))
    if isinstance(value, int | np.integer):
        return Cell(f"{value}", float(value))
    if isinstance(value, float):
        return Cell(number_text(value, decimals), float(value) if np.isfinite(value) else None)
    raise TypeError(f"{value!r} of {type(value)}")


def split_column(name: object) -> tuple[str, str]:
    """Split the name of a column into score and source.

    >>> split_column("monthly_RMSE_EC-ATM")
    ('monthly_RMSE', 'EC-ATM')
    """
    score, _, source = str(name).rpartition("_")
    return score, source


def score_of(column: str) -> str:
    """Score in a column that holds one score of one source; empty for any other column.

    >>> score_of("monthly_RMSE_EC-ATM"), score_of("n_days")
    ('monthly_RMSE', '')
    """
    score, source = split_column(column)
    return score if source in ALL else ""


def column_text(name: str) -> str:
    """Heading of a column; the source alone where a group heading names the score.

    >>> column_text("n_days"), column_text("raw_68"), column_text("monthly_RMSE_EC-ATM")
    ('site-days', 'raw 68', 'EC-ATM')
    """
    if score_of(name):
        return split_column(name)[1]
    return COLUMNS.get(name, name.replace("_", " "))


def _groups(columns: list[str]) -> list[Group]:
    """Score headings above the columns; an empty list if no column holds a score of a source."""
    groups: list[Group] = []
    for column in columns:
        score = score_of(column)
        text = SCORES[score].heading if score in SCORES else score.replace("_", " ")
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
    """Mark the best source for each score and row; values that read alike share the mark."""
    for score, (_, _, more_is_better) in SCORES.items():
        names = [name for name in columns if score_of(name) == score]
        sign = 1.0 if more_is_better else -1.0
        for row, cells in enumerate(zip(*(columns[name] for name in names))):
            ranked = [
                (sign * found.number, found.text) for found in cells if found.number is not None
            ]
            for name, found in zip(names, cells):
                best = bool(ranked) and found.text == max(ranked)[1]
                columns[name][row] = found._replace(best=best)


def report_table(name: str, table: pd.DataFrame, title: str, note: str) -> ReportTable:
    """Prepare a table for the template.

    Parameters
    ----------
    name : str
        File name without its ending.
    table : DataFrame
        A column ``<source>_spread`` joins the column of its source.
    title, note : str
        Caption.

    Returns
    -------
    ReportTable
        Formatted cells, with the best source marked for each score.
    """
    columns: dict[str, list[Cell]] = {}
    for column in map(str, table.columns):
        source = column.removesuffix(SPREAD)
        if source != column and source in columns:
            columns[source] = _with_spread(columns[source], table[column])
            continue
        score = SCORES.get(score_of(column))
        decimals = score.decimals if score else DECIMALS
        columns[column] = [cell(value, decimals) for value in table[column].tolist()]
    _mark_best(columns)
    rows = [list(row) for row in zip(*columns.values())]
    heads = [column_text(column) for column in columns]
    return ReportTable(name, title, note, _groups(list(columns)), heads, rows)
