"""Description of raw files that are neither NetCDF nor MODIS: site tables, GRIB, countries."""

import gzip
import importlib.util
import re
import zlib
from pathlib import Path

import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.inventory.left_alone import UNREAD, reason_of_table
from fluxprod.inventory.record import RawRecord
from fluxprod.readers.files.grib import PARAMETERS, opened_grib
from fluxprod.readers.files.netcdf import fault
from fluxprod.readers.regions.countries import read_countries
from fluxprod.readers.towers.bif import read_site_metadata
from fluxprod.readers.towers.files import TowerFile
from fluxprod.readers.towers.sites import LATHUILE_READERS


def describe_sites(record: RawRecord, file: TowerFile) -> None:
    """Count the sites of a site table, which may be a workbook or lie in an archive."""
    name = file.label.name
    older = {known.lower(): read for known, read in LATHUILE_READERS.items()}
    if name.lower() in older:
        sites, source = older[name.lower()](file.path), "La Thuile"
    else:
        sites = read_site_metadata(file)
        source = "FLUXNET Shuttle" if "snapshot" in name else "BIF"
    record.kind, record.source = "site table", f"{source}, {len(sites)} sites"


def describe_table(record: RawRecord, path: Path) -> None:
    """Recognise a CSV file under a name that no reader accepts, by its first two lines.

    Raises
    ------
    DataError
        If it is empty or a daily tower table that was renamed.
    """
    first, second = _first_lines(path)
    if not first.strip():
        raise DataError(path, "file", "an empty file", "a table", "get it again")
    record.left_alone = reason_of_table(path.name) or UNREAD
    if record.left_alone != UNREAD:
        return
    if "NEE_VUT_REF" in first or "NEE_GPP_fqcOK" in first:
        if "TIMESTAMP_START" in first or (first.startswith("TIMESTAMP,") and not _is_daily(second)):
            record.left_alone = "values of a tower that are not daily, which are not read"
            return
        record.kind = "fluxnet" if "NEE_VUT_REF" in first else "lathuile"
        raise DataError(path, "file name", path.name, "the name that the provider gave it")
    if ("SITE_ID" in first and "DATAVALUE" in first) or "location_lat" in first:
        record.problems.append("a site table that no longer has the name its provider gave it")


def _first_lines(path: Path) -> tuple[str, str]:
    opened = gzip.open if path.suffix.lower() == ".gz" else Path.open
    try:
        with opened(path, "rb") as file:
            first, second = (file.readline(20000).decode("latin-1") for _ in range(2))
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(path, "file", fault(error), "a table", "get it again") from error
    return first.removeprefix("\xef\xbb\xbf").replace('"', ""), second.replace('"', "")


def _is_daily(line: str) -> bool:
    """Whether a row begins with a date YYYYMMDD."""
    return bool(re.match(r"\d{8},", line))


def describe_countries(record: RawRecord, path: Path) -> None:
    """Count the countries of Natural Earth, from which regions can be made."""
    countries = read_countries(path)
    record.kind, record.source = "regions", f"{len(countries)} countries"


def describe_grib(record: RawRecord, path: Path) -> None:
    """Find the period and the quantities of a GRIB file, if cfgrib is installed.

    Raises
    ------
    DataError
        If the file does not start and end as GRIB does.
    """
    record.source = record.source or "GRIB"
    if importlib.util.find_spec("cfgrib") is None:
        record.kind = "gfas" if "co2fire" in path.name.lower() else "era5"
        _check_grib_ends(path)
        record.problems.append("reading GRIB needs cfgrib: pip install 'fluxprod[grib]'")
        return
    for name in PARAMETERS:
        with opened_grib(path, name) as dataset:
            if dataset.data_vars:
                record.kind = "gfas" if name == "FIRE" else "era5"
                record.source += f" {next(iter(dataset.data_vars))}"
                record.set_period(pd.DatetimeIndex(dataset.valid_time.values.ravel()))
    if record.kind == "other":
        record.left_alone = f"{UNREAD}: neither t2m, ssrd, tp and d2m nor co2fire"


def _check_grib_ends(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(-min(4, path.stat().st_size), 2)
        end = file.read(4)
    if (start, end) != (b"GRIB", b"7777"):
        raise DataError(path, "file", f"{start!r} to {end!r}", "GRIB, which ends with 7777")
