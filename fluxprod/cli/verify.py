"""``fluxprod verify``: whether a download of the product is complete and consistent.

What the command needs is imported when it runs: help texts must not wait for xarray.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fluxprod.cli.screen import errors, fail, screen
from fluxprod.core.errors import DataError

if TYPE_CHECKING:
    from fluxprod.verify.files.manifest import ProductManifest
    from fluxprod.verify.report import FileReport


def verify(
    folder: Annotated[Path, typer.Argument(help="Folder of product files with manifest.json.")],
    partial: Annotated[
        bool,
        typer.Option("--partial", help="Check the files that are present; others may be absent."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Check a download of the product: every byte, and the contents of every file.

    One line per file is printed. Bytes: size and SHA-256 of each file, and of
    each part of the zarr store, are compared with manifest.json, and absent
    files are reported. Files that are not part of the product are named and
    otherwise ignored. Contents: CF-1.11 (compliance-checker, strict); version,
    world, units and sign; a complete time axis; cell areas that sum to that of
    the Earth; fluxes within their valid range on all land and nowhere else.
    Between files: regional totals recomputed from the monthly grid, regions
    that sum to the globe, months that sum to years and days to months, mean
    and spread of the members, and the zarr store against the NetCDF files.

    The exit status is 0 if all is well. It is 1 if a file is wrong or absent,
    or if there is no manifest.

    For example:
      fluxprod verify data/product               # a complete download
      fluxprod verify --partial ~/Downloads/nee  # some of the files
      fluxprod verify --json . > check.json      # for programs
    """
    from fluxprod.cli.verify_lines import report_lines, summary_line
    from fluxprod.verify.files.manifest import read_product_manifest
    from fluxprod.verify.report import reports_as_json

    try:
        manifest = read_product_manifest(folder)
    except DataError as error:
        fail(error)
    reports = _reports(folder, manifest, partial=partial)
    if as_json:
        text = json.dumps(reports_as_json(folder, manifest, reports, partial=partial), indent=1)
        print(text.replace("\x7f", "\\u007f"))  # the only control that JSON may show as it is
    else:
        for line in [*report_lines(reports), summary_line(folder, manifest, reports)]:
            screen().print(line, soft_wrap=True)
    if any(report.faults for report in reports):
        raise typer.Exit(1)


def _reports(folder: Path, manifest: "ProductManifest", *, partial: bool) -> "list[FileReport]":
    """Check all files while progress bars are shown."""
    from rich.progress import Progress

    from fluxprod.verify.check import Advance, check_product

    sizes = {name: entry.size for name, entry in manifest.files.items()}
    fields = sum(size for name, size in sizes.items() if name.endswith(".nc"))
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as bars:
        hashing = bars.add_task("bytes", total=sum(sizes.values()))
        reading = bars.add_task("contents", total=fields)
        progress = Advance(
            lambda done: bars.advance(hashing, done), lambda done: bars.advance(reading, done)
        )
        return check_product(folder, manifest, progress, partial=partial)
