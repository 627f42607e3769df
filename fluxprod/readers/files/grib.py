"""ERA5 as GRIB, through cfgrib, an optional extra; no index file is left beside the raw file."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.netcdf import BROKEN, reason

PARAMETERS = {"TA": 167, "SW_IN": 169, "P": 228, "FIRE": 210080}  # codes.ecmwf.int/grib/param-db
TIMES = {"FIRE": "time"}  # a day's mean is known by its date; its valid time is the next day


def is_grib(path: Path) -> bool:
    """Whether a file starts as GRIB does."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"GRIB"


@contextmanager
def opened_grib(path: Path, ours: str) -> Iterator[xr.Dataset]:
    """Open the fields of one quantity along their valid times; read when they are used.

    Parameters
    ----------
    path : Path
        Any mixture of parameters; forecasts (accumulations) and analyses.
    ours : str
        ``TA``, ``SW_IN`` or ``P``; ``FIRE`` of GFAS, along its dates.

    Raises
    ------
    DataError
        If cfgrib is not installed, or the file is no GRIB or breaks off.
    """
    if importlib.util.find_spec("cfgrib") is None:
        raise DataError(path, "file", "GRIB", "cfgrib to read it", "pip install 'fluxprod[grib]'")
    from eccodes import CodesInternalError

    try:
        with xr.open_dataset(
            path,
            engine="cfgrib",
            decode_timedelta=False,
            backend_kwargs={
                "indexpath": "",
                "time_dims": [TIMES.get(ours, "valid_time")],
                "filter_by_keys": {"paramId": PARAMETERS[ours]},
                "errors": "raise",
            },
        ) as dataset:
            yield dataset
    except (*BROKEN, EOFError, CodesInternalError) as error:
        found = f"unreadable ({reason(error)})"
        raise DataError(path, "file", found, "a whole GRIB file", "download it again") from error
