"""What the raw files of a folder are, and which of them collide."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from fluxprod.errors import DataError
from fluxprod.readers import budget, fluxnet, lathuile
from fluxprod.readers.raw_content import (
    check_start,
    check_zip,
    describe_modis,
    describe_netcdf,
    describe_table,
)
from fluxprod.readers.raw_record import RawRecord
from fluxprod.readers.raw_tower import compare_years, describe_tower


def raw_record(path: Path, relative: str, *, min_qc: float) -> RawRecord:
    """Describe a file; faults of its content become problems of the record.

    Parameters
    ----------
    path : Path
        The file.
    relative : str
        Its name in the record.
    min_qc : float
        Share of good half hours that a valid day needs [1].
    """
    record = RawRecord(relative)
    try:
        _describe(record, path, min_qc)
    except DataError as error:
        record.readable = False
        text = f"{error.variable}: found {error.found}, expected {error.expected}"
        record.problems.append(text)
    except Exception as error:  # whatever a library makes of a broken file, the scan goes on
        record.readable = False
        reason = str(error).strip().splitlines() or [type(error).__name__]
        record.problems.append(f"unreadable ({reason[0]})")
    return record


def _describe(record: RawRecord, path: Path, min_qc: float) -> None:
    suffix = path.name.removesuffix(".gz").rpartition(".")[2].lower()
    if fluxnet.FILE_NAME.match(path.name):
        record.kind = "fluxnet"
        describe_tower(record, fluxnet.read_fluxnet_daily(path), min_qc)
        compare_years(record, path)
    elif lathuile.FILE_NAME.match(path.name):
        record.kind = "lathuile"
        describe_tower(record, lathuile.read_lathuile_year(path), min_qc)
    elif suffix == "csv":
        describe_table(record, path)
    elif suffix in {"nc", "nc4"}:
        describe_netcdf(record, path)
    elif suffix in {"hdf", "tif", "tiff"}:
        describe_modis(record, path)
    elif suffix in {"grib", "grb", "grib2"}:
        record.kind, record.source = "era5", "ERA5 GRIB"
        check_start(path, b"GRIB")
    elif path.match(budget.PATTERN):
        record.kind, record.source = "budget", "Global Carbon Budget"
        budget.read_budget(path)
    elif suffix == "zip":
        check_zip(path)
        record.problems.append("an archive is not read; unpack it")


def mark_duplicates(records: Iterable[RawRecord]) -> None:
    """Add a problem to files that hold the same site, or the same product and date."""
    groups: dict[tuple, list[RawRecord]] = defaultdict(list)
    for record in records:
        if record.readable and record.kind not in {"other", "site table"}:
            groups[_identity(record)].append(record)
    for group in groups.values():
        for record in group:
            others = [other.path for other in group if other is not record]
            if others:
                record.problems.append(f"the same as {', '.join(others)}")


def _identity(record: RawRecord) -> tuple:
    """One table holds all of a FLUXNET site; other files are told apart by date."""
    if record.kind == "fluxnet":
        return record.kind, record.site
    return record.kind, record.site, record.source, record.first_date
