"""GRIB files of ERA5 and GFAS, read with cfgrib, an optional extra, without writing index files."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.netcdf import BROKEN, fault
from fluxprod.readers.files.web_page import web_page_fault

# codes.ecmwf.int/grib/param-db
PARAMETERS = {"TA": 167, "TD": 168, "SW_IN": 169, "P": 228, "FIRE": 210080}
# dimension of time: daily means of GFAS are dated by their day, but are valid on the next one
TIMES = {"FIRE": "time"}
TIME_UNITS = {*range(8), *range(10, 15), 254}  # WMO FM 92 GRIB edition 1, code table 4
HEADER = 36  # byte, sections 0 and 1 of edition 1


def is_grib(path: Path) -> bool:
    """Whether a file starts with the signature of GRIB."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"GRIB"


@contextmanager
def opened_grib(path: Path, ours: str) -> Iterator[xr.Dataset]:
    """Open the fields of one quantity lazily, ordered by valid time.

    Parameters
    ----------
    path : Path
        GRIB file with any mixture of parameters, forecasts (accumulations) or analyses.
    ours : str
        ``TA``, ``TD``, ``SW_IN`` or ``P``; or ``FIRE`` of GFAS, which is ordered by date.

    Yields
    ------
    Dataset

    Raises
    ------
    DataError
        If cfgrib is not installed, or the file is not GRIB or is truncated.
    """
    if importlib.util.find_spec("cfgrib") is None:
        raise DataError(path, "file", "GRIB", "cfgrib to read it", "pip install 'fluxprod[grib]'")
    from eccodes import CodesInternalError

    _check_times(path)
    try:
        with xr.open_dataset(
            path,
            engine="cfgrib",
            decode_timedelta=False,
            backend_kwargs={
                "indexpath": "",
                "time_dims": [TIMES.get(ours, "valid_time")],
                "filter_by_keys": {"paramId": PARAMETERS[ours]},
                "read_keys": ["stream"],  # tells monthly means from hourly values
                "errors": "raise",
            },
        ) as dataset:
            yield dataset
    except (*BROKEN, EOFError, CodesInternalError) as error:
        expected = "a complete GRIB file"
        raise (
            web_page_fault(path, expected)
            or DataError(path, "file", fault(error), expected, "download it again")
        ) from error


def _check_times(path: Path) -> None:
    """Refuse a field of edition 1 with an impossible time, on which ecCodes crashes or hangs."""
    start, size = 0, path.stat().st_size
    with path.open("rb") as file:
        while start + HEADER <= size:
            file.seek(start)
            header = file.read(HEADER)
            length = int.from_bytes(header[4:7], "big")
            if header[:4] != b"GRIB" or header[7] != 1 or length < HEADER:
                return
            hour, minute, unit = header[23:26]
            if hour > 24 or minute > 59 or unit not in TIME_UNITS:
                found = f"a field at {hour:02}:{minute:02} with unit of time {unit}"
                raise DataError(path, "file", found, "a complete GRIB file", "download it again")
            start += length
