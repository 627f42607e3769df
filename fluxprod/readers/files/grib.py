"""GRIB files of ERA5 and GFAS, read with cfgrib, an optional extra, without writing index files."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.netcdf import BROKEN, fault

PARAMETERS = {"TA": 167, "SW_IN": 169, "P": 228, "FIRE": 210080}  # codes.ecmwf.int/grib/param-db
# dimension of time: daily means of GFAS are dated by their day, but are valid on the next one
TIMES = {"FIRE": "time"}


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
        ``TA``, ``SW_IN`` or ``P``; or ``FIRE`` of GFAS, which is ordered by date.

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
        expected = "a complete GRIB file"
        raise DataError(path, "file", fault(error), expected, "download it again") from error
