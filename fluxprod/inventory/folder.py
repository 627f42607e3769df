"""Descriptions of the raw files of a folder, and which of them are duplicates or unused."""

from collections import defaultdict
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.inventory.content import (
    describe_countries,
    describe_grib,
    describe_sites,
    describe_table,
)
from fluxprod.inventory.left_alone import UNREAD
from fluxprod.inventory.modis import ENDINGS as MODIS
from fluxprod.inventory.modis import describe_area, describe_modis, reason_of_product
from fluxprod.inventory.netcdf import describe_netcdf
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.tower import compare_years, describe_tower
from fluxprod.readers import budget
from fluxprod.readers.files.archive import members
from fluxprod.readers.files.netcdf import reason
from fluxprod.readers.files.netcdf_source import is_zip, located, sources_of
from fluxprod.readers.files.web_page import web_page_fault
from fluxprod.readers.modis import appeears
from fluxprod.readers.regions import countries
from fluxprod.readers.towers import fluxnet, lathuile
from fluxprod.readers.towers.files import TowerFile
from fluxprod.readers.towers.sites import is_site_table

NETCDF = {"nc", "nc4"}
GRIB = {"grib", "grb", "grib2", "grb2", "grib1"}
# texts that may lie beside data, or that a reader recognises itself
TEXTS = {".htm", ".html", ".xhtml", ".xml", ".json", ".geojson", ".topojson", ".txt", ".md", ".svg"}
NAMED = 3  # duplicates that a problem names
# kinds of which no two files may hold the same
UNIQUE = {"fluxnet", "lathuile", "modis", "era5", "gfas", "fluxcom"}
# kinds in which a value may stand at its end, for the last day at 00 UTC of the next
ENDS = {"era5", "gfas"}


def raw_records(path: Path, relative: str, *, min_qc: float, scan: bool = True) -> list[RawRecord]:
    """Describe a file, or each tower table in an archive; faults become problems of a record.

    Parameters
    ----------
    path : Path
        The file.
    relative : str
        Its name in the record.
    min_qc : float
        Share of good half hours that a valid day needs [1].
    scan : bool
        Whether to read values too, to find steps without any.

    Returns
    -------
    list of RawRecord
        One, or one per tower table or site table in an archive.
    """
    record = RawRecord(relative)
    try:
        _check_no_web_page(path)
        tables = _tower_tables(path)
    except DataError as error:
        record.add_fault(error)
        return [record]
    if not tables:
        return [_described(record, TowerFile(path), min_qc, scan)]
    return [
        _described(RawRecord(f"{relative}/{name}"), TowerFile(path, name), min_qc, scan)
        for name in tables
    ]


def _check_no_web_page(path: Path) -> None:
    if path.suffix.lower() not in TEXTS and not reason_of_product(path.name):
        fault = web_page_fault(path, "data")
        if fault is not None:
            raise fault


def _tower_tables(path: Path) -> list[str]:
    """Daily tower tables in an archive; if it has none, its site tables."""
    if not is_zip(path) or path.suffix.lower() != ".zip":
        return []
    names = [member.name for member in members(path)]
    towers = [name for name in names if _is_tower(name.rpartition("/")[2])]
    return towers or [name for name in names if is_site_table(name.rpartition("/")[2])]


def _is_tower(name: str) -> bool:
    return bool(fluxnet.FILE_NAME.match(name) or lathuile.FILE_NAME.match(name))


def _described(record: RawRecord, file: TowerFile, min_qc: float, scan: bool) -> RawRecord:
    """Complete a record; a fault of the file makes it unreadable."""
    try:
        if _is_tower(file.label.name):
            _describe_tower(record, file, min_qc)
        elif is_site_table(file.label.name):
            describe_sites(record, file)
        else:
            _describe(record, file.path, scan)
    except DataError as error:
        record.add_fault(error)
    except Exception as error:  # libraries raise anything on a broken file; the scan continues
        record.readable, record.left_alone = False, None
        record.problems.append(f"unreadable ({reason(error)})")
    if record.readable and record.kind == "other" and not record.problems:
        record.left_alone = record.left_alone or UNREAD
    return record


def _describe_tower(record: RawRecord, file: TowerFile, min_qc: float) -> None:
    if fluxnet.FILE_NAME.match(file.label.name):
        record.kind = "fluxnet"
        describe_tower(record, fluxnet.read_fluxnet_daily(file), min_qc)
        compare_years(record, file.label)
    else:
        record.kind = "lathuile"
        describe_tower(record, lathuile.read_lathuile_year(file), min_qc)


def _describe(record: RawRecord, path: Path, scan: bool) -> None:
    suffix = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    if _has_name(path, budget.PATTERN):
        record.kind, record.source = "budget", "Global Carbon Budget"
        budget.read_budget(path)
    elif _has_name(path, *countries.PATTERNS):
        describe_countries(record, path)
    elif appeears.product_of(path) is not None:
        describe_area(record, path)
    elif suffix == "csv":
        describe_table(record, path)
    elif suffix in MODIS:
        describe_modis(record, path, scan=scan)
    elif suffix in NETCDF | GRIB or suffix == "zip":
        _describe_container(record, path, scan)


def _has_name(path: Path, *patterns: str) -> bool:
    return any(fnmatchcase(path.name.lower(), pattern.lower()) for pattern in patterns)


def _describe_container(record: RawRecord, path: Path, scan: bool) -> None:
    """Describe NetCDF or GRIB, or an archive of such files."""
    if path.suffix.lower() == ".zip" and not is_zip(path):
        raise DataError(path, "file", "a file that is not a zip archive", "an archive")
    names = [member.name for member in members(path)] if is_zip(path) else []
    endings = {name.lower().rpartition(".")[2] for name in names}
    if names and not endings & (GRIB | NETCDF):
        record.left_alone = f"an archive of other files: {', '.join(names[:3])}"
        if endings & MODIS:
            record.left_alone += "; MODIS files are read unpacked"
        return
    for source in sources_of(path):
        if source.label.suffix.lower().removeprefix(".") in GRIB:
            with located(source) as file:
                describe_grib(record, file)
        else:
            describe_netcdf(record, source, scan=scan)


def mark_duplicates(records: Iterable[RawRecord]) -> None:
    """Add a problem to files that hold the same site, or the same product from the same time on."""
    groups: dict[tuple[str | None, ...], list[RawRecord]] = defaultdict(list)
    for record in records:
        if record.readable and record.kind in UNIQUE:
            groups[_identity(record)].append(record)
    for group in [group for group in groups.values() if len(group) > 1]:
        for record in group:
            others = [other.path for other in group[: NAMED + 1] if other is not record][:NAMED]
            more = len(group) - 1 - len(others)
            record.duplicated = True
            record.problems.append(
                f"a duplicate of {', '.join(others)}{f' and {more} more' if more else ''}"
            )


def mark_unused(records: Iterable[RawRecord], years: range) -> None:
    """State the reason why files that lie outside the years of a run are left alone."""
    for record in records:
        dated = record.kind in UNIQUE and record.source != "MCD12C1"
        ends_last_day = record.kind in ENDS and record.first_date == f"{years[-1] + 1}-01-01"
        if dated and not record.overlaps(years) and not ends_last_day:
            record.left_alone = f"no data from {years[0]} to {years[-1]}"


def _identity(record: RawRecord) -> tuple[str | None, ...]:
    """Key that duplicates share: a FLUXNET table holds its whole site, other files have a date."""
    if record.kind == "fluxnet":
        return record.kind, record.site
    # one file may hold one hour of ERA5; of a day of GFAS, the stamp depends on the store
    first = record.first_time if record.kind == "era5" else None
    return record.kind, record.site, record.source, first or record.first_date
