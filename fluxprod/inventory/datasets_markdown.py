"""The list of data sets in Markdown, as ``docs/real-data.md`` shows it."""

from collections.abc import Sequence

from fluxprod.inventory.dataset import RawDataset


def datasets_markdown(datasets: Sequence[RawDataset], years: range) -> str:
    """Overview table of the data sets, followed by one section per data set.

    Parameters
    ----------
    datasets : sequence of RawDataset
        Data sets in the order in which they are shown.
    years : range
        Years for which the sizes are given.
    """
    head = "| data set | folder | what | resolution | size unpacked |\n|---|---|---|---|---|\n"
    rows = "".join(
        f"| {d.key} | `{d.folder}` | {d.title}{' (optional)' if d.optional else ''} "
        f"| {d.resolution} | {size_text(d.size(years))} |\n"
        for d in datasets
    )
    total = size_text(sum(d.size(years) for d in datasets))
    foot = f"\nSizes are unpacked sizes for {years[0]} to {years[-1]}, {total} in all.\n"
    return head + rows + foot + "".join(f"\n{_section(d)}" for d in datasets)


def _section(dataset: RawDataset) -> str:
    lines = {
        "Provider": dataset.provider,
        "Id": dataset.identifier,
        "Variables": dataset.variables,
        "Period": dataset.period,
        "Files": f"in `{dataset.folder}/`: {dataset.files}",
        "Licence": dataset.licence,
        "Citation": dataset.citation,
        "Unconfirmed": dataset.unconfirmed,
    }
    body = "".join(f"- {name}: {text}\n" for name, text in lines.items() if text)
    return f"### {dataset.key}: {dataset.title}\n\n{body}"


def size_text(gigabytes: float) -> str:
    """Size with two significant digits.

    >>> size_text(7837.5), size_text(0.28)
    ('7.8 TB', '280 MB')
    """
    for unit, factor in (("TB", 1e-3), ("GB", 1.0), ("MB", 1e3)):
        if gigabytes * factor >= 1 or unit == "MB":
            return f"{float(f'{gigabytes * factor:.2g}'):g} {unit}"
    raise AssertionError
