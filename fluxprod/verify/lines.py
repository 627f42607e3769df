"""Reports of product files, one line each, for people; and as JSON for programs."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.filesize import decimal
from rich.text import Text

from fluxprod.verify.files.manifest import ProductManifest
from fluxprod.verify.report import FileReport

SCHEMA = 1  # of --json
COLOURS = {"ok": "", "WRONG": "red", "absent": "yellow", "other": "dim"}


def lines(reports: list[FileReport]) -> list[Text]:
    """One line a file: status, name, size, and what is wrong or was checked."""
    width = max((len(report.name) for report in reports), default=0)
    return [
        Text(
            f"{report.status:<6} {report.name:<{width}} {decimal(report.size):>9}  {_said(report)}",
            style=COLOURS[report.status],
        )
        for report in reports
    ]


def _said(report: FileReport) -> str:
    said = "; ".join(report.faults) or ", ".join(report.checked)
    said = said if report.listed else "not of the product"
    left = f" (not checked: {'; '.join(report.unchecked)})" if report.unchecked else ""
    return " ".join(f"{said}{left}".split())  # texts in a broken file hold anything


def summary(folder: Path, manifest: ProductManifest, reports: list[FileReport]) -> Text:
    """Say in one line how many files are right."""
    count = {status: sum(r.status == status for r in reports) for status in COLOURS}
    said = [f"{count['ok']} files right"]
    said += [f"{count['WRONG']} WRONG"] if count["WRONG"] else []
    said += [f"{count['absent']} absent and not checked"] if count["absent"] else []
    said += [f"{count['other']} not of the product"] if count["other"] else []
    what = f"{manifest.title} {manifest.version} ({manifest.world})"
    style = "red" if count["WRONG"] else "green"
    return Text(f"{what} in {folder}: {', '.join(said)}", style=style)


def as_json(
    folder: Path, manifest: ProductManifest, reports: list[FileReport], *, partial: bool
) -> dict[str, Any]:
    """All of it for programs."""
    return {
        "schema": SCHEMA,
        "path": str(folder),
        "title": manifest.title,
        "version": manifest.version,
        "world": manifest.world,
        "partial": partial,
        "ok": not any(report.faults for report in reports),
        "files": [{"status": report.status, **asdict(report)} for report in reports],
    }
