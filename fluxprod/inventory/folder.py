"""Descriptions of the raw files of a folder, and which of them are duplicates or unused."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.inventory.content import (
    describe_countries,
    describe_grib,
    describe_sites,
    describe_table,
    is_site_table,
)
from fluxprod.inventory.modis import describe_area, describe_modis
from fluxprod.inventory.netcdf import describe_netcdf
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.tower import compare_years, describe_tower
from fluxprod.readers import budget
from fluxprod.readers.files.archive import members
from fluxprod.readers.files.netcdf_source import is_zip
from fluxprod.readers.modis import appeears
from fluxprod.readers.regions import countries
from fluxprod.readers.towers import fluxnet, lathuile
from fluxprod.readers.towers.files import TowerFile

NETCDF = {"nc", "nc4"}
GRIB = {"grib", "grb", "grib2", "grb2", "grib1"}
MODIS = {"hdf", "tif", "tiff"}
# kinds of which no two files may hold the same
UNIQUE = {"fluxnet", "lathuile", "modis", "era5", "gfas", "fluxcom", "inversions", "budget"}


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
        tables = _tower_tables(path)
    except DataError as error:
        record.readable = False
        record.problems.append(f"{error.variable}: found {error.found}, expected {error.expected}")
        return [record]
    if not tables:
        return [_described(record, TowerFile(path), min_qc, scan)]
    return [
        _described(RawRecord(f"{relative}/{name}"), TowerFile(path, name), min_qc, scan)
        for name in tables
    ]


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
        record.readable = False
        record.problems.append(f"{error.variable}: found {error.found}, expected {error.expected}")
    except Exception as error:  # libraries raise anything on a broken file; the scan continues
        record.readable = False
        reason = str(error).strip().splitlines() or [type(error).__name__]
        record.problems.append(f"unreadable ({reason[0]})")
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
    suffix = path.name.removesuffix(".gz").rpartition(".")[2].lower()
    if path.match(budget.PATTERN):
        record.kind, record.source = "budget", "Global Carbon Budget"
        budget.read_budget(path)
    elif any(path.match(pattern) for pattern in countries.PATTERNS):
        describe_countries(record, path)
    elif appeears.product_of(path) is not None:
        describe_area(record, path)
    elif suffix == "csv":
        describe_table(record, path)
    elif suffix in GRIB:
        describe_grib(record, path)
    elif suffix in MODIS:
        describe_modis(record, path, scan=scan)
    elif suffix in NETCDF or suffix == "zip":
        _describe_container(record, path, scan)


def _describe_container(record: RawRecord, path: Path, scan: bool) -> None:
    """Describe NetCDF, or an archive by the kind of its members."""
    if path.suffix == ".zip" and not is_zip(path):
        raise DataError(path, "file", "a file that is not a zip archive", "an archive")
    names = [member.name.lower() for member in members(path)] if is_zip(path) else []
    endings = {name.rpartition(".")[2] for name in names}
    if endings & GRIB:
        record.kind, record.source = "era5", "GRIB in an archive"
    elif not names or endings & NETCDF:
        describe_netcdf(record, path, scan=scan)
    else:
        record.problems.append(f"an archive of other files: {', '.join(names[:3])}")


def mark_duplicates(records: Iterable[RawRecord]) -> None:
    """Add a problem to files that hold the same site, or the same product on the same date."""
    groups: dict[tuple[str | None, ...], list[RawRecord]] = defaultdict(list)
    for record in records:
        if record.readable and record.kind in UNIQUE:
            groups[_identity(record)].append(record)
    for group in groups.values():
        for record in group:
            others = [other.path for other in group if other is not record]
            if others:
                record.duplicated = True
                record.problems.append(f"a duplicate of {', '.join(others)}")


def mark_unused(records: Iterable[RawRecord], years: range) -> None:
    """Add a problem to files that lie outside the years of a run."""
    for record in records:
        dated = record.kind in UNIQUE and record.source != "MCD12C1"
        if dated and not record.overlaps(years):
            record.problems.append(f"not used: it holds no data from {years[0]} to {years[-1]}")


def _identity(record: RawRecord) -> tuple[str | None, ...]:
    """Key that duplicates share: a FLUXNET table holds its whole site, other files have a date."""
    if record.kind == "fluxnet":
        return record.kind, record.site
    return record.kind, record.site, record.source, record.first_date
