"""Description of a raw NetCDF file: source, variables, period, and steps without values."""

from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import daily_axis, monthly_axis
from fluxprod.inventory.empty_steps import empty_steps
from fluxprod.inventory.left_alone import UNREAD
from fluxprod.inventory.record import RawRecord
from fluxprod.readers import fluxcom
from fluxprod.readers.era5.field import time_step
from fluxprod.readers.era5.stated_units import VARIABLE_MAP as ERA5_NAMES
from fluxprod.readers.files.global_field import NAMES
from fluxprod.readers.files.netcdf import opened_netcdf
from fluxprod.readers.files.netcdf_source import NetcdfSource, located
from fluxprod.readers.regions import mask
from fluxprod.readers.regions.numbered_map import is_map

# kind and source, by a variable that only files of this kind hold
NETCDF_KINDS = {
    "land_flux_only_fossil_cement_adjusted": ("inversions", "Global Carbon Budget"),
    "co2fire": ("gfas", "CAMS GFAS"),
    "river_flux": ("rivers", "Lauerwald"),
    "NEE": ("fluxcom", "FLUXCOM"),
    "MASK": ("regions", "GCP 18 regions"),
    **{name: ("era5", f"ERA5 {name}") for name in ERA5_NAMES},
}


def describe_netcdf(record: RawRecord, source: NetcdfSource, *, scan: bool) -> None:
    """Recognise the source of a file by its variables.

    Parameters
    ----------
    record : RawRecord
        Record to complete; it may describe several files of an archive.
    source : NetcdfSource
        The file, or a member of an archive.
    scan : bool
        Whether to search for steps without values; otherwise only headers and time axes are read.

    Raises
    ------
    DataError
        If its time axis does not hold dates.
    """
    with located(source) as file, opened_netcdf(file, decode_times=False) as dataset:
        _describe(record, source.label, dataset, scan)


def _describe(record: RawRecord, path: Path, dataset: xr.Dataset, scan: bool) -> None:
    names = [str(name) for name in dataset.data_vars if name in NETCDF_KINDS]
    if not names:
        ours = dataset.rename({old: new for old, new in NAMES.items() if old in dataset.dims})
        masked = fnmatchcase(path.name.lower(), mask.PATTERN)
        if masked and any(is_map(field) for field in ours.data_vars.values()):
            record.kind, record.source = "regions", "map of region numbers"
        if record.kind == "other":
            record.left_alone = f"{UNREAD}: only {', '.join(map(str, dataset.data_vars))[:60]}"
        return
    record.left_alone = None
    record.kind, source = NETCDF_KINDS[names[0]]
    if record.kind == "era5":
        known = (record.source or "ERA5").split()[1:]
        source = " ".join(["ERA5", *known, *(name for name in names if name not in known)])
    record.source = source
    if "valid_time" in dataset.variables:
        dataset = dataset.drop_vars("time", errors="ignore").rename(valid_time="time")
    times = _times(record, path, dataset)
    if times is not None:
        _describe_time(record, path, times)
    for name in names if scan else []:
        if "time" in dataset[name].dims:
            _scan(record, dataset[name], times)


def _scan(record: RawRecord, field: xr.DataArray, times: pd.DatetimeIndex | None) -> None:
    found = empty_steps(field)
    steps = [f"step {k}" if times is None else f"{times[k]:%F}" for k in found]
    record.add_empty(str(field.name), steps, field.sizes["time"])


def _times(record: RawRecord, path: Path, dataset: xr.Dataset) -> pd.DatetimeIndex | None:
    """Dates of the steps, for FLUXCOM from the file name; None for a climatology."""
    match = fluxcom.NAME.fullmatch(path.name) if record.kind == "fluxcom" else None
    if match:
        year = int(match["year"])
        return (daily_axis if match["kind"] == "daily" else monthly_axis)(year, year)
    if "time" not in dataset.coords or "since" not in dataset.time.attrs.get("units", ""):
        return None
    try:
        values = np.atleast_1d(xr.decode_cf(dataset[["time"]]).time.values)
        return pd.DatetimeIndex(values)
    except (ValueError, TypeError) as error:
        units = dataset.time.attrs["units"]
        raise DataError(path, "time", f"values in {units!r} that are not dates", "dates") from error


def _describe_time(record: RawRecord, path: Path, times: pd.DatetimeIndex) -> None:
    """Record the period, and the number of days if the file is daily without gaps."""
    days = times.floor("D").unique()
    record.set_period(days)
    first = f"{times.min():%FT%H:%M}"
    record.first_time = min(record.first_time or first, first)
    if record.kind == "era5":
        time_step(path, xr.Dataset(coords={"time": times}))
    if len(days) > 1 and np.diff(days.to_numpy()).max() == np.timedelta64(1, "D"):
        record.days = len(days)
