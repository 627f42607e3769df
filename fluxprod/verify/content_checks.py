"""Checks of the contents of product files: of each file alone, then against the others."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from fluxprod.core.errors import DataError
from fluxprod.product.datacite import DATACITE
from fluxprod.verify.files.file_name import FileName, parse_file_name
from fluxprod.verify.files.manifest import ProductManifest
from fluxprod.verify.files.published import read_published_json
from fluxprod.verify.gridded_fluxes import Totals, check_daily_fluxes, flux_totals
from fluxprod.verify.netcdf_file import NetcdfFile, error_text, open_netcdf_file
from fluxprod.verify.regional_tables import (
    RegionalTable,
    check_table,
    check_tables_agree,
    read_table,
)
from fluxprod.verify.report import FileReport
from fluxprod.verify.values.cells import land_differences
from fluxprod.verify.values.comparison import number_differences
from fluxprod.verify.values.metadata import citation_faults
from fluxprod.verify.values.regional_table import PERIODS
from fluxprod.verify.values.structure import GRIDDED, LAYOUTS, MAP
from fluxprod.verify.zarr_store import ZarrStore, copy_in_store, open_store, report_uncompared

MONTHS = 12


class ProductFolder(NamedTuple):
    """A folder of product files.

    Parameters
    ----------
    path : Path
        The folder.
    manifest : ProductManifest
        Its manifest.
    reports : dict of str to FileReport
        Reports of the files that are present, by name.
    advance : callable
        Takes the number of bytes whose contents were checked since it was last called.
    """

    path: Path
    manifest: ProductManifest
    reports: dict[str, FileReport]
    advance: Callable[[float], None]


def check_contents(folder: ProductFolder) -> None:
    """Check the contents of all files and add the findings to their reports."""
    store = _store(folder)
    totals: dict[str, Totals] = {"monthly": {}, "monthly-members": {}}
    tables = list(_csv_tables(folder))
    _check_citation(folder)
    with ExitStack() as stack:
        monthly = None
        for name, about in _netcdf_names(folder):
            file = open_netcdf_file(
                folder.path / name, about, folder.reports[name], folder.manifest
            )
            if file is None:
                continue
            if about.content == "monthly" and monthly is None:
                monthly = file
                stack.callback(file.data.close)
            if about.content in GRIDDED:
                _check_gridded(file, monthly, store, totals, folder.advance)
            else:
                tables += _netcdf_table(file, store)
            if file is not monthly:  # every open variable holds a cache of chunks
                file.data.close()
    for table in tables:
        check_table(table, totals["monthly"], totals["monthly-members"])
    check_tables_agree(tables)
    if store:
        report_uncompared(store)


def _netcdf_names(folder: ProductFolder) -> list[tuple[str, FileName]]:
    """NetCDF files with known contents; the monthly file, to which others are compared, first."""
    names = [(name, about) for name in folder.reports if (about := parse_file_name(name))]
    known = [pair for pair in names if pair[1].ending == "nc" and pair[1].content in LAYOUTS]
    return sorted(known, key=lambda pair: pair[1].content != "monthly")


def _store(folder: ProductFolder) -> ZarrStore | None:
    for name, report in folder.reports.items():
        about = parse_file_name(name)
        if about and about.ending == "zarr":
            return open_store(folder.path / name, about, report, folder.manifest)
    return None


def _csv_tables(folder: ProductFolder) -> Iterator[RegionalTable]:
    for name, report in folder.reports.items():
        about = parse_file_name(name)
        if about and about.ending == "csv" and about.content in PERIODS:
            table = read_table(folder.path / name, about, report)
            if table:
                yield table


def _check_citation(folder: ProductFolder) -> None:
    """Check that the metadata for DataCite have the version and DOI of the manifest."""
    if report := folder.reports.get(DATACITE):
        about = folder.manifest
        try:
            content = read_published_json(folder.path / DATACITE)
            report.add(
                "version and DOI", citation_faults(content, version=about.version, doi=about.doi)
            )
        except DataError as error:
            report.faults.append(error_text(error))


def _netcdf_table(file: NetcdfFile, store: ZarrStore | None) -> list[RegionalTable]:
    if not file.comparable:
        return []
    if store:
        copy_in_store(store, file)
    return [RegionalTable(file.name, file.report, file.data)]


def _check_gridded(
    file: NetcdfFile,
    monthly: NetcdfFile | None,
    store: ZarrStore | None,
    totals: dict[str, Totals],
    advance: Callable[[float], None],
) -> None:
    """Check a gridded file; keep the totals of the monthly file and of the members' file."""
    reference = _reference(file, monthly)
    copy = copy_in_store(store, file) if store and file.comparable else None
    found = flux_totals(file, reference, copy, lambda share: advance(share * file.report.size))
    if file.name.content != "daily":
        totals[file.name.content] = found
    elif reference:
        first = MONTHS * (file.name.years[0] - reference.name.years[0])
        months = slice(first, first + MONTHS)
        check_daily_fluxes(
            file, found, {name: all_[months] for name, all_ in totals["monthly"].items()}
        )


def _reference(file: NetcdfFile, monthly: NetcdfFile | None) -> NetcdfFile | None:
    """The monthly file, if the given file can be compared with it."""
    if file is monthly:
        return None
    if monthly and monthly.comparable and file.comparable and _cover_the_same(file, monthly):
        file.report.add("land of the monthly file", land_differences(file.data, monthly.data))
        file.report.add("number of members", number_differences(file.data, monthly.data))
        return monthly
    file.report.unchecked.append("values against a monthly file with this grid and period")
    return None


def _cover_the_same(file: NetcdfFile, monthly: NetcdfFile) -> bool:
    """Whether a file has the grid and the years of the monthly file; a daily file has one year."""
    years, all_years = set(file.name.years), set(monthly.name.years)
    inside = years <= all_years if file.name.content == "daily" else years == all_years
    return inside and all(file.data.sizes[dim] == monthly.data.sizes[dim] for dim in MAP)
