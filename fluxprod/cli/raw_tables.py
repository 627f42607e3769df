"""Raw files and data sets as tables for the terminal."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fluxprod.inventory.dataset import RawDataset
from fluxprod.inventory.datasets_markdown import size_text
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.status import SourceStatus

NAMED = 3  # files of a kind that are named
WIDEST = 16  # characters that a column keeps before it is folded; file names are folded first
FILE_COLUMNS: dict[str, Callable[[RawRecord], object]] = {
    "file": lambda record: record.path,
    "kind": lambda record: record.kind,
    "site or source": lambda record: record.site or record.source,
    "first": lambda record: record.first_date,
    "last": lambda record: record.last_date,
    "days": lambda record: record.days,
    "NEE days": lambda record: record.valid_nee_days,
    "mean NEE": lambda record: record.mean_nee,
}
COLOURS = {"present": "green", "not needed": "dim"}


def dataset_table(datasets: Sequence[RawDataset], years: range) -> Table:
    """Show one data set per row: where it comes from and where its files belong."""
    table = Table(title=f"data/raw/observed, {years[0]} to {years[-1]}", box=SIMPLE_HEAD)
    for name in ("data set", "folder"):
        table.add_column(name, no_wrap=True)
    for name in ("provider", "id", "files"):
        table.add_column(name, overflow="fold")
    table.add_column("unpacked", justify="right", no_wrap=True)
    for dataset in datasets:
        names = dataset.files.replace("`", "")
        table.add_row(
            *(dataset.key, dataset.folder, dataset.provider, dataset.identifier, names),
            size_text(dataset.size(years)),
        )
    return table


def file_table(records: Sequence[RawRecord]) -> Table:
    """Show one file per row, without columns that would be empty; long names are folded."""
    unreadable = sum(not record.readable and not record.left_alone for record in records)
    table = Table(
        title=f"{len(records)} files, {unreadable} unreadable", box=SIMPLE_HEAD, pad_edge=False
    )
    columns = {
        name: [_text(value(record)) for record in records] for name, value in FILE_COLUMNS.items()
    }
    columns = {name: cells for name, cells in columns.items() if name == "file" or any(cells)}
    for name, cells in columns.items():
        width = max([len(name), *map(len, cells)])
        of_numbers = name in ("days", "NEE days", "mean NEE")
        table.add_column(
            name,
            overflow="fold",
            min_width=None if name == "file" else min(width, WIDEST),
            justify="right" if of_numbers else "left",
        )
    for row, record in enumerate(records):
        style = None if record.readable or record.left_alone else "red"
        table.add_row(*(Text(cells[row]) for cells in columns.values()), style=style)
    return table


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def source_table(statuses: Sequence[SourceStatus], title: str) -> Table:
    """Show one data set per row: what is present and which years are missing."""
    table = Table(title=title, box=SIMPLE_HEAD, pad_edge=False)
    for name in ("data set", "folder", "status"):
        table.add_column(name, no_wrap=True)
    table.add_column("files", justify="right", no_wrap=True)
    for name in ("years", "missing"):
        table.add_column(name, overflow="fold")
    for status in statuses:
        table.add_row(
            status.key,
            status.folder,
            Text(status.status, style=COLOURS.get(status.status, "red")),
            str(status.files),
            year_spans(status.years),
            missing_text(status),
        )
    return table


def missing_text(status: SourceStatus) -> str:
    """Years that are not complete, after the variables that lack them.

    >>> missing_text(SourceStatus("era5", "era5", missing={"TA": [2003], "P": [2001, 2002]}))
    'TA 2003; P 2001-2002'
    """
    if not status.missing:
        return year_spans(status.missing_years)
    names: dict[str, list[str]] = defaultdict(list)
    for name, years in status.missing.items():
        names[year_spans(years)].append(name)
    return "; ".join(f"{', '.join(of_years)} {years}" for years, of_years in names.items())


def year_spans(years: Sequence[int]) -> str:
    """Years as a short text.

    >>> year_spans([2001, 2002, 2003, 2005])
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
    """Print the problems, one per line: those of files, what is left alone, those of data sets.

    Parameters
    ----------
    console : Console
        Where they are printed.
    records : sequence of RawRecord
        Records of the files.
    statuses : sequence of SourceStatus
        Statuses of the data sets.
    """
    for record in records:
        for problem in record.problems:
            fault = not record.readable and record.left_alone is None
            _print_line(console, f"{record.path}: {problem}", "red" if fault else None)
    for text in _left_alone(records):
        _print_line(console, text, "dim")
    for status in statuses:
        for problem in status.problems:
            _print_line(console, f"{status.key}: {problem}", None if status.ready else "red")


def _left_alone(records: Sequence[RawRecord]) -> Iterator[str]:
    """Files that no run reads, those of a folder with the same reason on one line."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in records:
        if record.left_alone is not None:
            groups[record.path.rpartition("/")[0], record.left_alone].append(record.path)
    for (_, reason), paths in groups.items():
        more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
        yield f"{', '.join(paths[:NAMED])}{more}: left alone: {reason}"


def _print_line(console: Console, text: str, style: str | None) -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
