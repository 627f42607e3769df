"""The contents of product files: each by itself, then beside the others."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from fluxprod.core.errors import DataError
from fluxprod.product.datacite import DATACITE
from fluxprod.verify.files.file_name import FileName, parsed
from fluxprod.verify.files.manifest import ProductManifest
from fluxprod.verify.files.published import read_published_json
from fluxprod.verify.gridded import Totals, check_daily_fluxes, flux_totals
from fluxprod.verify.opened import Opened, fault, opened_product
from fluxprod.verify.regional import Table, check_between, check_table, read_table
from fluxprod.verify.report import FileReport
from fluxprod.verify.store import Store, copy_of, finish, open_store
from fluxprod.verify.values.cells import land_differences
from fluxprod.verify.values.comparison import number_differences
from fluxprod.verify.values.labels import citation_faults
from fluxprod.verify.values.regional_table import PERIODS
from fluxprod.verify.values.structure import GRIDDED, LAYOUTS, MAP

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
    store = _store(folder)
    totals: dict[str, Totals] = {"monthly": {}, "monthly-members": {}}
    tables = list(_csv_tables(folder))
    _check_citation(folder)
    with ExitStack() as stack:
        monthly = None
        for name, about in _netcdf_names(folder):
            file = opened_product(folder.path / name, about, folder.reports[name], folder.manifest)
            if file is None:
                continue
            if about.content == "monthly" and monthly is None:
                monthly = file
                stack.callback(file.data.close)
            if about.content in GRIDDED:
                _check_gridded(file, monthly, store, totals, folder.advance)
            else:
                tables += _netcdf_table(file, store)
            if file is not monthly:  # each open variable keeps a cache of chunks
                file.data.close()
    for table in tables:
        check_table(table, totals["monthly"], totals["monthly-members"])
    check_between(tables)
    if store:
        finish(store)


def _netcdf_names(folder: Folder) -> list[tuple[str, FileName]]:
    """Names of files of known contents, the monthly one first: others are held beside it."""
    names = [(name, about) for name in folder.reports if (about := parsed(name))]
    known = [pair for pair in names if pair[1].ending == "nc" and pair[1].content in LAYOUTS]
    return sorted(known, key=lambda pair: pair[1].content != "monthly")


def _store(folder: Folder) -> Store | None:
    for name, report in folder.reports.items():
        about = parsed(name)
        if about and about.ending == "zarr":
            return open_store(folder.path / name, about, report, folder.manifest)
    return None


def _csv_tables(folder: Folder) -> Iterator[Table]:
    for name, report in folder.reports.items():
        about = parsed(name)
        if about and about.ending == "csv" and about.content in PERIODS:
            table = read_table(folder.path / name, about, report)
            if table:
                yield table


def _check_citation(folder: Folder) -> None:
    """Whether the metadata for DataCite are of this version and DOI."""
    if report := folder.reports.get(DATACITE):
        about = folder.manifest
        try:
            content = read_published_json(folder.path / DATACITE)
            report.add(
                "version and DOI", citation_faults(content, version=about.version, doi=about.doi)
            )
        except DataError as error:
            report.faults.append(fault(error))


def _netcdf_table(file: Opened, store: Store | None) -> list[Table]:
    if not file.comparable:
        return []
    if store:
        copy_of(store, file)
    return [Table(file.name, file.report, file.data)]


def _check_gridded(
    file: Opened,
    monthly: Opened | None,
    store: Store | None,
    totals: dict[str, Totals],
    advance: Callable[[float], None],
) -> None:
    """Check a file on the grid; keep the totals of the monthly file and of the members."""
    beside = _beside(file, monthly)
    copy = copy_of(store, file) if store and file.comparable else None
    found = flux_totals(file, beside, copy, lambda share: advance(share * file.report.size))
    if file.name.content != "daily":
        totals[file.name.content] = found
    elif beside:
        first = MONTHS * (file.name.years[0] - beside.name.years[0])
        months = slice(first, first + MONTHS)
        check_daily_fluxes(
            file, found, {name: all_[months] for name, all_ in totals["monthly"].items()}
        )


def _beside(file: Opened, monthly: Opened | None) -> Opened | None:
    """The monthly file, if a file can be held beside it."""
    if file is monthly:
        return None
    if monthly and monthly.comparable and file.comparable and _alike(file, monthly):
        file.report.add("land of the monthly file", land_differences(file.data, monthly.data))
        file.report.add("number of members", number_differences(file.data, monthly.data))
        return monthly
    file.report.unchecked.append("values beside a monthly file of this grid and period")
    return None


def _alike(file: Opened, monthly: Opened) -> bool:
    """Whether a daily file is of a year, and a members' file of the years, of the monthly one."""
    years, all_years = set(file.name.years), set(monthly.name.years)
    inside = years <= all_years if file.name.content == "daily" else years == all_years
    return inside and all(file.data.sizes[dim] == monthly.data.sizes[dim] for dim in MAP)
