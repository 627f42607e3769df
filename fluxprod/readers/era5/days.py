"""Daily maps of ERA5 on UTC days, from hourly files or daily statistics, a few days in memory."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.readers.era5.field import Era5Field, opened_field
from fluxprod.readers.era5.series import Era5Series
from fluxprod.readers.era5.stated_units import UNITS
from fluxprod.readers.era5.tiles import TileSize, spans, tiles
from fluxprod.readers.files.netcdf_source import NetcdfSource

LONGEST = 90  # days that may wait for their last hour


class Segment(NamedTuple):
    """Positions that follow each other in one source, and the day to which each belongs."""

    source: NetcdfSource
    start: int
    days: list[int]


class Map(NamedTuple):
    """Values of a day, on the axes of their file."""

    values: np.ndarray
    lat: np.ndarray
    lon: np.ndarray


def era5_days(series: Era5Series, start: int = 0) -> Iterator[xr.DataArray]:
    """Read the maps of a series one after the other.

    Parameters
    ----------
    series : Era5Series
    start : int
        First day to give; the one before, if there is one, is only compared with it.

    Yields
    ------
    DataArray, dims (lat, lon), float32
        [degC], [W m-2] or [mm d-1], means or sums of the UTC day ``time``, south to north and
        -180 to 180.

    Raises
    ------
    DataError
        If a value cannot be, a day holds no value at all or repeats the day before, or the maps of
        two files differ in their axes.
    """
    before: Map | None = None
    first = max(start - 1, 0)
    for position, day in enumerate(_maps(series.part(first, len(series.days))), first):
        _check_day(series, position, day, before)
        before = day
        if position >= start:
            yield _labelled(series, position, day)


def _labelled(series: Era5Series, position: int, day: Map) -> xr.DataArray:
    field = xr.DataArray(
        day.values,
        {"lat": day.lat, "lon": day.lon, "time": series.days[position].astype("M8[s]")},
        ("lat", "lon"),
        name=series.variable,
        attrs={"units": UNITS[series.variable]},
    )
    return to_south_north(field)


def _maps(series: Era5Series) -> Iterator[Map]:
    """Add values to their days as they come; a day is given when its last one has."""
    counts = [sum(run.stop - run.start for run in runs) for runs in series.runs]
    left, open_days = list(counts), dict[int, Map]()
    for segment in _segments(series):
        with opened_field(segment.source, series.variable) as (dataset, field):
            assert field is not None, "the series was told from this file"
            axes = dataset.lat.values, dataset.lon.values
            size = field.tile_size(LONGEST * max(counts))
            for times in spans(segment.start, segment.start + len(segment.days), size.time):
                days = segment.days[times.start - segment.start : times.stop - segment.start]
                for day in days:
                    _open(open_days, day, counts[day], field, axes)
                _add(field, size, times, [open_days[day].values for day in days])
                for day in days:
                    left[day] -= 1
                    if not left[day]:
                        total = open_days.pop(day)
                        mean = (total.values / counts[day]).astype(np.float32)
                        yield total._replace(values=mean)


def _open(
    open_days: dict[int, Map],
    day: int,
    count: int,
    field: Era5Field,
    axes: tuple[np.ndarray, np.ndarray],
) -> None:
    """Begin the sum of a day, unless it was; its values all lie on the same axes."""
    if day not in open_days:
        kind = np.float32 if count == 1 else np.float64  # whose sum does not depend on the order
        open_days[day] = Map(np.zeros((len(axes[0]), len(axes[1])), kind), *axes)
    total = open_days[day]
    if not (np.array_equal(total.lat, axes[0]) and np.array_equal(total.lon, axes[1])):
        found = "other latitudes or longitudes than the file with the rest of a day"
        raise DataError(field.label, field.name, found, "the same")


def _add(field: Era5Field, size: TileSize, times: slice, totals: list[np.ndarray]) -> None:
    """Add the values of some times, each to its total, piece by piece of the map."""
    for rows, columns in tiles(totals[0].shape, size):
        for value, total in zip(field.read(time=times, lat=rows, lon=columns), totals, strict=True):
            total[rows, columns] += value


def _segments(series: Era5Series) -> Iterator[Segment]:
    """Join runs that follow each other in a source."""
    steps = [
        (run.source, position, day)
        for day, runs in enumerate(series.runs)
        for run in runs
        for position in range(run.start, run.stop)
    ]
    numbered = enumerate(steps)
    for (source, _), group in groupby(numbered, lambda step: (step[1][0], step[1][1] - step[0])):
        members = [step for _, step in group]
        yield Segment(source, members[0][1], [day for _, _, day in members])


def _check_day(series: Era5Series, position: int, day: Map, before: Map | None) -> None:
    """Archives have had empty days (arco-era5, issues 62, 105) and repeated ones (issue 144)."""
    date = series.days[position]
    if np.isnan(day.values).all():
        raise DataError(series.folder, series.variable, f"no value on {date}", "a full map")
    if before is None or not np.array_equal(day.values, before.values, equal_nan=True):
        return
    if np.fmin.reduce(day.values, axis=None) < np.fmax.reduce(day.values, axis=None):
        found = f"the map of {date} the same as that of the day before"
        raise DataError(series.folder, series.variable, found, "another", "get it again")
