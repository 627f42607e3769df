"""Parts of days in one source."""

from typing import NamedTuple

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.era5.axes import check_axes
from fluxprod.readers.era5.coverage import unstated
from fluxprod.readers.era5.field import Era5Field, opened_field
from fluxprod.readers.era5.sample import AccumulationSample, accumulation_sample
from fluxprod.readers.era5.stated_units import ACCUMULATED, VARIABLE_MAP
from fluxprod.readers.era5.statements import names_era5_land
from fluxprod.readers.files.netcdf_source import NetcdfSource

INSTANTANEOUS = {"TA", "TD"}  # the others are accumulated over the hour that ends at the time stamp
HOURS_PER_DAY = 24


class Run(NamedTuple):
    """Positions ``start`` to ``stop`` (exclusive) along the time axis of a source.

    ``period`` is the time over which accumulated values were summed [s].
    """

    source: NetcdfSource
    start: int
    stop: int
    period: float


class Piece(NamedTuple):
    """A run within one day, its time stamps, and whether it covers the whole day.

    ``doubt`` is what to say of a file with one value per day that may not stand for the day.
    """

    run: Run
    stamps: np.ndarray
    whole: bool
    doubt: DataError | None = None


class Contents(NamedTuple):
    """What a source holds of a quantity.

    Parameters
    ----------
    source : NetcdfSource
        The source.
    pieces : list of tuple of datetime64 and Piece
        Each UTC day and the part of it.
    sample : AccumulationSample or None
        Only of hourly accumulations.
    land : bool
        Whether names or attributes speak of ERA5-Land.
    aside : str
        Why the file has no piece; empty if it has one, or holds another of our quantities.
    """

    source: NetcdfSource
    pieces: list[tuple[np.datetime64, Piece]]
    sample: AccumulationSample | None = None
    land: bool = False
    aside: str = ""


def contents(source: NetcdfSource, variable: str) -> Contents:
    """Find the days of a quantity in a source.

    Parameters
    ----------
    source : NetcdfSource
        File, or member of an archive.
    variable : str
        ``TA``, ``TD``, ``SW_IN`` or ``P``.

    Returns
    -------
    Contents

    Raises
    ------
    DataError
        If the file is unreadable, its grid is not regular, or it states another statistic than we
        need.
    """
    with opened_field(source, variable) as (dataset, field):
        if field is None:
            return Contents(source, [], aside=_others(dataset))
        if not {"lat", "lon"} <= set(field.native.dims):
            return Contents(source, [], aside="data of single places")
        if field.coverage.step == "month":
            return Contents(source, [], aside="monthly means")
        check_axes(source.label, dataset)
        stamps = np.atleast_1d(dataset.time.values).astype("M8[s]")
        sample = None
        if field.coverage.step == "hour" and field.unit in ACCUMULATED:
            sample = accumulation_sample(field, stamps)
        land = sample is not None and names_era5_land(source, dataset)
        return Contents(source, _pieces(source, field, stamps), sample, land)


def _others(dataset: xr.Dataset) -> str:
    """What a file holds that has none of our quantities; of GRIB files, only ours are opened."""
    names = sorted(map(str, dataset.data_vars))
    if set(names) & set(VARIABLE_MAP):
        return ""
    return f"only {', '.join(names[:5])}" if names else "only other quantities"


def _pieces(
    source: NetcdfSource, field: Era5Field, stamps: np.ndarray
) -> list[tuple[np.datetime64, Piece]]:
    step, period, lone = field.coverage
    shift = 1 if step == "hour" and field.ours not in INSTANTANEOUS else 0
    days = (stamps - np.timedelta64(shift, "h")).astype("M8[D]")
    first, start, count = np.unique(days, return_index=True, return_counts=True)
    full = HOURS_PER_DAY if step == "hour" else 1
    doubt = unstated(source.label, field.unit) if lone else None
    return [
        (day, Piece(Run(source, int(i), int(i + n), period), stamps[i : i + n], n == full, doubt))
        for day, i, n in zip(first, start, count, strict=True)
    ]
