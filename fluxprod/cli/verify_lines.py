"""Reports of product files as lines for the terminal."""

from pathlib import Path

from rich.filesize import decimal
from rich.text import Text

from fluxprod.core.errors import visible
from fluxprod.verify.files.manifest import ProductManifest
from fluxprod.verify.report import FileReport

COLOURS = {"ok": "", "WRONG": "red", "absent": "yellow", "other": "dim"}


def report_lines(reports: list[FileReport]) -> list[Text]:
    """One line per file: status, name, size, and what is wrong or what was checked."""
    names = [visible(report.name) for report in reports]
    width = max(map(len, names), default=0)
    return [
        Text(
            f"{report.status:<6} {name:<{width}} {decimal(report.size):>9}  {_found(report)}",
            style=COLOURS[report.status],
        )
        for name, report in zip(names, reports)
    ]


def _found(report: FileReport) -> str:
    found = "; ".join(report.faults) or ", ".join(report.checked)
    found = found if report.listed else "not part of the product"
    unchecked = f" (not checked: {'; '.join(report.unchecked)})" if report.unchecked else ""
    # names in a broken file may hold line breaks and other controls
    return visible(" ".join(f"{found}{unchecked}".split()))


def summary_line(folder: Path, manifest: ProductManifest, reports: list[FileReport]) -> Text:
    """One line that names the product and counts its files by status.

    Parameters
    ----------
    folder : Path
        Folder of the product.
    manifest : ProductManifest
        Its manifest.
    reports : list of FileReport
        Reports of its files.
    """
    count = {status: sum(r.status == status for r in reports) for status in COLOURS}
    parts = [f"{count['ok']} files right"]
    parts += [f"{count['WRONG']} WRONG"] if count["WRONG"] else []
    parts += [f"{count['absent']} absent and not checked"] if count["absent"] else []
    parts += [f"{count['other']} not part of the product"] if count["other"] else []
    what = f"{manifest.title} {manifest.version} ({manifest.world}) in {folder}"
    style = "red" if count["WRONG"] else "green"
    return Text(f"{visible(what)}: {', '.join(parts)}", style=style)
