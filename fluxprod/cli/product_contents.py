"""The contents of product files: each by itself, then beside the others."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

from fluxprod.cli.product_gridded import Totals, check_days, flux_totals
from fluxprod.cli.product_opened import Opened, opened
from fluxprod.cli.product_regional import Table, check_between, check_table, read_table
from fluxprod.cli.product_store import Store, copy_of, finish, open_store
from fluxprod.readers.product_manifest import ProductManifest
from fluxprod.verification.cells import land_differences
from fluxprod.verification.file_name import parsed
from fluxprod.verification.regional_table import PERIODS
from fluxprod.verification.report import FileReport
from fluxprod.verification.structure import GRIDDED, LAYOUTS, MAP

MONTHS = 12


class Folder(NamedTuple):
    """A folder of product files.

    Parameters
    ----------
    path : Path
    manifest : ProductManifest
    reports : dict of FileReport
        By name, of the files that are there.
    advance : callable
        Takes the number of bytes of files that were checked since it was last called.
    """

    path: Path
    manifest: ProductManifest
    reports: dict[str, FileReport]
    advance: Callable[[float], None]


def check_contents(folder: Folder) -> None:
    """Check what is in the files, and add to their reports."""
    with ExitStack() as stack:
        files = list(_netcdf_files(folder))
        for file in files:
            stack.callback(file.data.close)
        store = _store(folder)
        totals = _check_gridded(files, store, folder.advance)
        tables = [*_netcdf_tables(files, store), *_csv_tables(folder)]
        for table in tables:
            check_table(table, totals["monthly"], totals["monthly-members"])
        check_between(tables)
        if store:
            finish(store)


def _netcdf_files(folder: Folder) -> Iterator[Opened]:
    for name, report in folder.reports.items():
        about = parsed(name)
        if about and about.ending == "nc" and about.content in LAYOUTS:
            file = opened(folder.path / name, about, report, folder.manifest)
            if file:
                yield file


def _store(folder: Folder) -> Store | None:
    for name, report in folder.reports.items():
        about = parsed(name)
        if about and about.ending == "zarr":
            return open_store(folder.path / name, about, report, folder.manifest.files[name])
    return None


def _csv_tables(folder: Folder) -> Iterator[Table]:
    for name, report in folder.reports.items():
        about = parsed(name)
        if about and about.ending == "csv" and about.content in PERIODS:
            table = read_table(folder.path / name, about, report)
            if table:
                yield table


def _netcdf_tables(files: Iterable[Opened], store: Store | None) -> Iterator[Table]:
    for file in files:
        if file.name.content in PERIODS and file.comparable:
            if store:
                copy_of(store, file)
            yield Table(file.name, file.report, file.data)


def _check_gridded(
    files: Iterable[Opened], store: Store | None, advance: Callable[[float], None]
) -> dict[str, Totals]:
    """Check all files on the grid; give totals by content, of the monthly file and the members."""
    gridded = [file for file in files if file.name.content in GRIDDED]
    monthly = next((file for file in gridded if file.name.content == "monthly"), None)
    totals: dict[str, Totals] = {"monthly": {}, "monthly-members": {}}
    for file in sorted(gridded, key=lambda file: file is not monthly):
        beside = _beside(file, monthly)
        copy = copy_of(store, file) if store and file.comparable else None
        found = flux_totals(file, beside, copy, partial(_advance, advance, file.report.size))
        if file.name.content != "daily":
            totals[file.name.content] = found
        elif beside:
            first = MONTHS * (file.name.years[0] - beside.name.years[0])
            months = slice(first, first + MONTHS)
            check_days(file, found, {name: t[months] for name, t in totals["monthly"].items()})
    return totals


def _advance(advance: Callable[[float], None], size: int, share: float) -> None:
    advance(share * size)


def _beside(file: Opened, monthly: Opened | None) -> Opened | None:
    """The monthly file, if a file can be held beside it."""
    if file is monthly:
        return None
    if monthly and monthly.comparable and file.comparable and _alike(file, monthly):
        file.report.add("land of the monthly file", land_differences(file.data, monthly.data))
        return monthly
    file.report.unchecked.append("values beside a monthly file of this grid and period")
    return None


def _alike(file: Opened, monthly: Opened) -> bool:
    """Whether a daily file is of a year, and a members' file of the years, of the monthly one."""
    years, all_years = set(file.name.years), set(monthly.name.years)
    inside = years <= all_years if file.name.content == "daily" else years == all_years
    return inside and all(file.data.sizes[dim] == monthly.data.sizes[dim] for dim in MAP)
