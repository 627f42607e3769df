"""What a raw file other than a tower record holds: variables, period, readability."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.readers import modis
from fluxprod.readers.bif import read_site_metadata
from fluxprod.readers.era5_file import VARIABLE_MAP as ERA5_NAMES
from fluxprod.readers.era5_file import time_step
from fluxprod.readers.global_field import opened
from fluxprod.readers.landcover import read_land_cover
from fluxprod.readers.lathuile import read_lathuile_metadata
from fluxprod.readers.modis_grid import open_grid
from fluxprod.readers.raw_record import RawRecord

# variable that only files of this kind hold: kind and source
NETCDF_KINDS = {
    "land_flux_only_fossil_cement_adjusted": ("inversions", "Global Carbon Budget"),
    "co2fire": ("gfas", "CAMS GFAS"),
    "river_flux": ("rivers", "Lauerwald"),
    "NEE": ("fluxcom", "FLUXCOM"),
    "MASK": ("regions", "GCP 18 regions"),
    **{name: ("era5", f"ERA5 {name}") for name in ERA5_NAMES},
}


def describe_table(record: RawRecord, path: Path) -> None:
    """A table of sites, or of something else."""
    with path.open("rb") as file:
        start = file.readline(2000).decode("latin-1")
    if not start.strip():
        raise DataError(path, "file", "nothing in it", "a table")
    if "NEE_VUT_REF" in start or "NEE_GPP_fqcOK" in start:
        raise DataError(path, "file name", path.name, "the name under which it is issued")
    if "IGBP_vegetation_short" in start:
        sites, record.source = read_lathuile_metadata(path), "La Thuile"
    elif "SITE_ID" in start and "DATAVALUE" in start or "location_lat" in start:
        sites = read_site_metadata(path)
        record.source = "BIF" if "DATAVALUE" in start else "FLUXNET Shuttle"
    else:
        return
    record.kind, record.source = "site table", f"{record.source}, {len(sites)} sites"


def describe_netcdf(record: RawRecord, path: Path) -> None:
    """Tell the source by its variables; only the header and the time axis are read."""
    with opened(path, decode_times=False) as dataset:
        names = [str(name) for name in dataset.data_vars if name in NETCDF_KINDS]
        if not names:
            return
        record.kind, record.source = NETCDF_KINDS[names[0]]
        if record.kind == "era5":
            record.source = "ERA5 " + " ".join(names)
        if "time" in dataset.coords:
            _describe_time(record, path, dataset[["time"]])


def _describe_time(record: RawRecord, path: Path, axis: xr.Dataset) -> None:
    """Period, and number of days if they follow each other; a climatology has neither."""
    if "since" not in axis.time.attrs.get("units", ""):
        return
    try:
        axis = xr.decode_cf(axis)
        days = pd.DatetimeIndex(axis.time.values).floor("D").unique()
    except (ValueError, TypeError) as error:
        raise DataError(path, "time", str(error).splitlines()[0], "dates") from error
    record.set_period(days)
    if record.kind == "era5":
        time_step(path, axis)
    if len(days) > 1 and np.diff(days.to_numpy()).max() == np.timedelta64(1, "D"):
        record.days = len(days)


def describe_modis(record: RawRecord, path: Path) -> None:
    """Product and date by the name; that the file opens, and land cover whole."""
    match = modis.FILE_NAME.match(path.name)
    record.kind = "modis"
    record.source = match["product"] if match else path.name.split(".")[0]
    if match:
        record.set_period(pd.DatetimeIndex([pd.to_datetime(match["date"], format="%Y%j")]))
    if record.source == "MCD12C1":
        read_land_cover(path)
    elif path.suffix == ".hdf":
        with open_grid(path) as grid:
            if not grid.names:
                raise DataError(path, "file", "no dataset", "layers of a MODIS product")


def check_start(path: Path, magic: bytes) -> None:
    """Raise a DataError unless the file starts as its format does."""
    with path.open("rb") as file:
        found = file.read(len(magic))
    if found != magic:
        raise DataError(path, "file", f"{found!r} at its start", magic)


def check_zip(path: Path) -> None:
    """Raise a DataError unless the file has the directory of a zip archive at its end."""
    if not zipfile.is_zipfile(path):
        raise DataError(path, "file", "no zip structure", "an archive or workbook")
