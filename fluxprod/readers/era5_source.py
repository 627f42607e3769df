"""Where ERA5 values lie: a NetCDF or GRIB file, or one in a zip archive, whatever its name says.

The Climate Data Store sends a request for several kinds of variables as a zip archive, at times
named ``.nc``, with ``data_stream-oper_stepType-instant.nc`` and ``...-accum.nc`` in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

import xarray as xr

from fluxprod.errors import DataError
from fluxprod.readers.era5_grib import opened_grib
from fluxprod.readers.era5_units import VARIABLE_MAP
from fluxprod.readers.netcdf_file import opened_netcdf
from fluxprod.readers.raw_folder import raw_files

ENDINGS = {".nc", ".nc4", ".grib", ".grib1", ".grib2", ".grb", ".grb2"}
ARCHIVES = {".nc", ".zip"}
COORDINATE_MAP = {"valid_time": "time", "latitude": "lat", "longitude": "lon"}


class Era5Source(NamedTuple):
    """A file, or a member of an archive."""

    path: Path
    member: str | None = None

    @property
    def label(self) -> Path:
        """Name for messages."""
        return self.path if self.member is None else self.path / self.member


def era5_sources(folder: Path) -> list[Era5Source]:
    """All NetCDF and GRIB files of a folder, in archives too.

    Raises
    ------
    DataError
        If there is no such folder, or an archive is broken.
    """
    paths = [path for path in raw_files(folder) if path.suffix.lower() in ENDINGS | ARCHIVES]
    return [source for path in paths for source in sources_of(path)]


def sources_of(path: Path) -> list[Era5Source]:
    """A file itself, or what an archive holds."""
    if not path.is_file() or not _starts(path, b"PK"):
        return [Era5Source(path)]
    from fluxprod.readers.archive import members

    names = [member.name for member in members(path)]
    return [Era5Source(path, name) for name in names if Path(name).suffix.lower() in ENDINGS]


def _starts(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


@contextmanager
def opened_source(source: Era5Source, ours: str) -> Iterator[xr.Dataset]:
    """Open a source lazily, its axes named time, lat and lon.

    Parameters
    ----------
    source : Era5Source
    ours : str
        ``TA``, ``SW_IN`` or ``P``: all that is opened of a GRIB file.

    Raises
    ------
    DataError
        If it is neither NetCDF nor GRIB, breaks off, or has no time, lat or lon.
    """
    place = nullcontext(source.path)
    if source.member is not None:
        from fluxprod.readers.archive import extracted

        place = extracted(source.path, source.member)
    with place as path:
        try:
            grib = path.is_file() and _starts(path, b"GRIB")
            with opened_grib(path, ours) if grib else opened_netcdf(path) as dataset:
                yield _named(source.label, dataset)
        except DataError as error:
            if source.member is None or error.source != str(path):
                raise
            raise DataError(
                source.label, error.variable, error.found, error.expected, error.action
            ) from error


def _named(label: Path, dataset: xr.Dataset) -> xr.Dataset:
    """Rename axes; ``time`` beside ``valid_time`` is that of the forecast."""
    if "valid_time" in dataset.variables:
        dataset = dataset.drop_vars("time", errors="ignore")
    names = {old: new for old, new in COORDINATE_MAP.items() if old in dataset.variables}
    dataset = dataset.rename(names)
    for name in ("time", "lat", "lon"):
        if dataset.data_vars and name not in dataset.coords:
            raise DataError(label, name, f"coordinates {list(dataset.coords)}", f"a {name}")
    return dataset


def native_name(dataset: xr.Dataset, ours: str) -> str | None:
    """Name of a quantity in a file, if it is there."""
    names = [str(name) for name in dataset.data_vars]
    return next((name for name in names if VARIABLE_MAP.get(name) == ours), None)
