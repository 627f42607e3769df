"""The list of data sets as a table for a terminal and for docs/real-data.md."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from fluxprod.inventory.dataset import RawDataset


def dataset_table(datasets: Sequence[RawDataset], years: range) -> Table:
    """Show one data set a row: where it comes from and where its files go."""
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


def as_markdown(datasets: Sequence[RawDataset], years: range) -> str:
    """Text of docs/real-data.md between its marks: an overview, then a section a data set."""
    head = "| data set | folder | what | resolution | size unpacked |\n|---|---|---|---|---|\n"
    rows = "".join(
        f"| {d.key} | `{d.folder}` | {d.title}{' (optional)' if d.optional else ''} "
        f"| {d.resolution} | {size_text(d.size(years))} |\n"
        for d in datasets
    )
    total = size_text(sum(d.size(years) for d in datasets))
    foot = f"\nSizes are of {years[0]} to {years[-1]}, unpacked; together {total}.\n"
    return head + rows + foot + "".join(f"\n{_section(d)}" for d in datasets)


def _section(dataset: RawDataset) -> str:
    lines = {
        "Provider": dataset.provider,
        "Id": dataset.identifier,
        "Read": dataset.variables,
        "Record": dataset.period,
        "Files": f"in `{dataset.folder}/`: {dataset.files}",
        "Licence": dataset.licence,
        "Cite": dataset.citation,
        "Unconfirmed": dataset.unconfirmed,
    }
    body = "".join(f"- {name}: {text}\n" for name, text in lines.items() if text)
    return f"### {dataset.key}: {dataset.title}\n\n{body}"


def size_text(gigabytes: float) -> str:
    """Size in two digits.

    >>> size_text(7837.5), size_text(0.28)
    ('7.8 TB', '280 MB')
    """
    for unit, factor in (("TB", 1e-3), ("GB", 1.0), ("MB", 1e3)):
        if gigabytes * factor >= 1 or unit == "MB":
            return f"{float(f'{gigabytes * factor:.2g}'):g} {unit}"
    raise AssertionError
