"""Description of raw files that are neither NetCDF nor MODIS: site tables, GRIB, countries."""

import importlib.util
from pathlib import Path

import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.inventory.record import RawRecord
from fluxprod.readers.files.grib import PARAMETERS, opened_grib
from fluxprod.readers.regions.countries import read_countries
from fluxprod.readers.towers.bif import read_site_metadata
from fluxprod.readers.towers.files import TowerFile
from fluxprod.readers.towers.sites import LATHUILE_READERS, METADATA_NAMES


def is_site_table(name: str) -> bool:
    """Whether a file has the name of a site table of FLUXNET or La Thuile."""
    return name in LATHUILE_READERS or any(known.match(name) for known in METADATA_NAMES)


def describe_sites(record: RawRecord, file: TowerFile) -> None:
    """Count the sites of a site table, which may be a workbook or lie in an archive."""
    name = file.label.name
    if name in LATHUILE_READERS:
        sites, source = LATHUILE_READERS[name](file.path), "La Thuile"
    else:
        sites = read_site_metadata(file)
        source = "FLUXNET Shuttle" if "snapshot" in name else "BIF"
    record.kind, record.source = "site table", f"{source}, {len(sites)} sites"


def describe_table(record: RawRecord, path: Path) -> None:
    """Recognise a CSV file under a name that no reader accepts, by its first line.

    Raises
    ------
    DataError
        If it is empty, a page of HTML or XML, or a tower table that was renamed.
    """
    with path.open("rb") as file:
        start = file.readline(2000).decode("latin-1")
    if not start.strip():
        raise DataError(path, "file", "an empty file", "a table")
    if start.lstrip().startswith("<"):
        raise DataError(path, "file", "a page of HTML or XML", "a table")
    if "NEE_VUT_REF" in start or "NEE_GPP_fqcOK" in start:
        raise DataError(path, "file name", path.name, "the name that the provider gave it")
    if "SITE_ID" in start and "DATAVALUE" in start or "location_lat" in start:
        record.problems.append("a site table that no longer has the name its provider gave it")


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
    record.kind = "gfas" if "co2fire" in path.name else "era5"
    record.source = "GRIB"
    if importlib.util.find_spec("cfgrib") is None:
        _check_grib_ends(path)
        record.problems.append("reading GRIB needs cfgrib: pip install 'fluxprod[grib]'")
        return
    for name in PARAMETERS:
        with opened_grib(path, name) as dataset:
            if dataset.data_vars:
                record.kind = "gfas" if name == "FIRE" else "era5"
                record.source += f" {next(iter(dataset.data_vars))}"
                record.set_period(pd.DatetimeIndex(dataset.valid_time.values.ravel()))


def _check_grib_ends(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(-min(4, path.stat().st_size), 2)
        end = file.read(4)
    if (start, end) != (b"GRIB", b"7777"):
        raise DataError(path, "file", f"{start!r} to {end!r}", "GRIB, which ends with 7777")
