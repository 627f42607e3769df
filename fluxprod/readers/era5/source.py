"""Files with ERA5 values: NetCDF or GRIB, or in a zip archive, whatever its suffix.

The Climate Data Store answers a request for several kinds of variables with a zip archive, in some
cases named ``.nc``, that contains ``data_stream-oper_stepType-instant.nc`` and ``...-accum.nc``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.era5.stated_units import VARIABLE_MAP
from fluxprod.readers.files.folder import raw_files
from fluxprod.readers.files.grib import is_grib, opened_grib
from fluxprod.readers.files.netcdf import opened_netcdf
from fluxprod.readers.files.netcdf_source import SUFFIXES, NetcdfSource, located, sources_of

COORDINATE_MAP = {"valid_time": "time", "latitude": "lat", "longitude": "lon"}


def era5_sources(folder: Path) -> list[NetcdfSource]:
    """List all NetCDF and GRIB files in a folder, including those in archives.

    Raises
    ------
    DataError
        If there is no such folder, or an archive is corrupt.
    """
    paths = [path for path in raw_files(folder) if path.suffix.lower() in SUFFIXES | {".zip"}]
    return [source for path in paths for source in sources_of(path)]


@contextmanager
def opened_source(source: NetcdfSource, ours: str) -> Iterator[xr.Dataset]:
    """Open a source lazily, with its axes named time, lat and lon.

    Parameters
    ----------
    source : NetcdfSource
        File, or member of an archive.
    ours : str
        ``TA``, ``TD``, ``SW_IN`` or ``P``; of a GRIB file, only the fields of this quantity are
        opened.

    Yields
    ------
    Dataset

    Raises
    ------
    DataError
        If the file is neither NetCDF nor GRIB, is truncated, or has no time, lat or lon.
    """
    with (
        located(source) as path,
        opened_grib(path, ours) if is_grib(path) else _opened_netcdf(path) as dataset,
    ):
        yield _named(source.label, dataset)


@contextmanager
def _opened_netcdf(path: Path) -> Iterator[xr.Dataset]:
    """Open a file, with ``expver`` only if it is a dimension; as a coordinate it is not needed."""
    with opened_netcdf(path, without=("expver",)) as dataset:
        if "expver" in dataset.dims:
            with opened_netcdf(path) as whole:
                dataset = dataset.assign_coords(expver=whole["expver"].values)
        yield dataset


def _named(label: Path, dataset: xr.Dataset) -> xr.Dataset:
    """Rename axes; if there is a ``valid_time``, ``time`` is the start of the forecast."""
    if "valid_time" in dataset.variables:
        dataset = dataset.drop_vars("time", errors="ignore")
    names = {old: new for old, new in COORDINATE_MAP.items() if old in dataset.variables}
    dataset = dataset.rename(names)
    for name in ("time", "lat", "lon"):
        if dataset.data_vars and name not in dataset.coords:
            raise DataError(label, name, f"coordinates {list(dataset.coords)}", f"{name}")
    return dataset


def native_name(dataset: xr.Dataset, ours: str) -> str | None:
    """Name of a quantity in a file, or None if it is absent."""
    names = [str(name) for name in dataset.data_vars]
    return next((name for name in names if VARIABLE_MAP.get(name) == ours), None)
