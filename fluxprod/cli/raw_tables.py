"""Raw files, and data sets of the list, as tables for people."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fluxprod.readers.raw_record import RawRecord
from fluxprod.readers.raw_status import SourceStatus

COLOURS = {"present": "green", "not needed": "dim"}


def file_table(records: Sequence[RawRecord]) -> Table:
    """Show one file a row; long names are folded, numbers never."""
    unreadable = sum(not record.readable for record in records)
    table = Table(title=f"{len(records)} files, {unreadable} unreadable", box=SIMPLE_HEAD)
    table.add_column("file", overflow="fold")
    for name, width in (("kind", 10), ("site", 7), ("source", 12), ("first", 10), ("last", 10)):
        table.add_column(name, min_width=width, overflow="fold")
    for name in ("days", "NEE days", "mean NEE"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    for record in records:
        mean = None if record.mean_nee is None else f"{record.mean_nee:.3f}"
        cells = (
            *(record.path, record.kind, record.site, record.source),
            *(record.first_date, record.last_date, record.days, record.valid_nee_days, mean),
        )
        style = None if record.readable else "red"
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in cells), style=style)
    return table


def source_table(statuses: Sequence[SourceStatus], title: str) -> Table:
    """Show one data set a row: what is there and which years are not."""
    table = Table(title=title, box=SIMPLE_HEAD)
    for name in ("data set", "folder", "status"):
        table.add_column(name, no_wrap=True)
    table.add_column("files", justify="right", no_wrap=True)
    for name in ("years", "missing"):
        table.add_column(name, overflow="fold")
    for status in statuses:
        missing = [*status.missing_variables]
        missing += [spans(status.missing_years)] if status.missing_years else []
        table.add_row(
            status.key,
            status.folder,
            Text(status.status, style=COLOURS.get(status.status, "red")),
            str(status.files),
            spans(status.years),
            "; ".join(missing),
        )
    return table


def spans(years: Sequence[int]) -> str:
    """Years in short.

    >>> spans([2001, 2002, 2003, 2005])
    '2001-2003, 2005'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def print_problems(
    console: Console, records: Sequence[RawRecord], statuses: Sequence[SourceStatus]
) -> None:
    """Print one line a problem: of files, then of data sets."""
    for record in records:
        for problem in record.problems:
            _line(console, f"{record.path}: {problem}", None if record.readable else "red")
    for status in statuses:
        for problem in status.problems:
            _line(console, f"{status.key}: {problem}", None if status.ready else "red")


def _line(console: Console, text: str, style: str | None) -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
