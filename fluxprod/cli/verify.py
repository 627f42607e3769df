"""``fluxprod verify``: whether a download of the product is whole and true to itself."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from fluxprod.cli.screen import errors, fail, screen
from fluxprod.core.errors import DataError
from fluxprod.verify.check import Advance, check_product
from fluxprod.verify.files.manifest import ProductManifest, read_product_manifest
from fluxprod.verify.lines import as_json as report_json
from fluxprod.verify.lines import lines, summary
from fluxprod.verify.report import FileReport


def verify(
    folder: Annotated[Path, typer.Argument(help="Folder of product files with manifest.json.")],
    partial: Annotated[
        bool, typer.Option("--partial", help="Files may be absent: check those that are there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Check a download of the product: every byte, and what the files say.

    Prints one line a file. Bytes: size and SHA-256 of each file, and of each
    part of the zarr store, beside manifest.json; files that are absent. What
    is not of the product is named and left alone. Contents: CF-1.11
    (compliance-checker, strict); version, world, units and sign; a whole time
    axis; cell areas that sum to the Earth's; fluxes within their range on all
    land and nowhere else. Between files: regional totals summed anew from the
    monthly grid, regions that sum to the globe, years to months, days to
    months, mean and spread of the members, and the zarr store beside the
    NetCDF files.

    Exit status 0: all is well. 1: a file is wrong or absent, or there is no
    manifest.

    For example:
      fluxprod verify data/product               # a whole download
      fluxprod verify --partial ~/Downloads/nee  # some of the files
      fluxprod verify --json . > check.json      # for programs
    """
    try:
        manifest = read_product_manifest(folder)
    except DataError as error:
        fail(error)
    reports = _checked(folder, manifest, partial=partial)
    if as_json:
        print(json.dumps(report_json(folder, manifest, reports, partial=partial), indent=1))
    else:
        for line in [*lines(reports), summary(folder, manifest, reports)]:
            screen().print(line, soft_wrap=True)
    if any(report.faults for report in reports):
        raise typer.Exit(1)


def _checked(folder: Path, manifest: ProductManifest, *, partial: bool) -> list[FileReport]:
    """Reports of all files, with progress bars beside them."""
    sizes = {name: entry.size for name, entry in manifest.files.items()}
    fields = sum(size for name, size in sizes.items() if name.endswith(".nc"))
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as bars:
        hashing = bars.add_task("bytes", total=sum(sizes.values()))
        reading = bars.add_task("contents", total=fields)
        progress = Advance(
            lambda done: bars.advance(hashing, done), lambda done: bars.advance(reading, done)
        )
        return check_product(folder, manifest, progress, partial=partial)
