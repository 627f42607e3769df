"""Daily ERA5 maps for UTC days, from hourly files or daily statistics, a few days at a time."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.readers.era5.axes import without_twin
from fluxprod.readers.era5.field import Era5Field, opened_field
from fluxprod.readers.era5.series import Era5Series
from fluxprod.readers.era5.stated_units import UNITS
from fluxprod.readers.era5.tiles import TileSize, spans, tiles
from fluxprod.readers.files.netcdf_source import NetcdfSource

LONGEST = 90  # days that may be in memory at once, waiting for their last hour


class Segment(NamedTuple):
    """Consecutive positions in one source, and the day to which each belongs.

    ``period`` is the time over which accumulated values were summed [s].
    """

    source: NetcdfSource
    period: float
    start: int
    days: list[int]


class Map(NamedTuple):
    """Values of a day, on the axes of the file."""

    values: np.ndarray
    lat: np.ndarray
    lon: np.ndarray


def era5_days(series: Era5Series, start: int = 0) -> Iterator[xr.DataArray]:
    """Read the maps of a series one by one.

    Parameters
    ----------
    series : Era5Series
        Days to read, and the files that contain them.
    start : int
        Position of the first day to yield; the previous day, if any, is read for comparison only.

    Yields
    ------
    DataArray, dims (lat, lon), float32
        Mean or sum of the UTC day ``time`` [degC, W m-2 or mm d-1], south to north and -180 to
        180.

    Raises
    ------
    DataError
        If a value is impossible, a day has no values or repeats the day before, the axes of two
        files that contribute to a day differ, or the same meridian has two values.
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
    label = series.runs[position][0].source.label
    return to_south_north(without_twin(label, field))


def _maps(series: Era5Series) -> Iterator[Map]:
    """Add up the values of each day as they are read; yield a day once it is complete."""
    counts = [sum(run.stop - run.start for run in runs) for runs in series.runs]
    left, open_days = list(counts), dict[int, Map]()
    for segment in _segments(series):
        with opened_field(segment.source, series.variable) as (dataset, field):
            assert field is not None, "the series was found in this file"
            axes = dataset.lat.values, dataset.lon.values
            size = field.tile_size(LONGEST * max(counts))
            for times in spans(segment.start, segment.start + len(segment.days), size.time):
                days = segment.days[times.start - segment.start : times.stop - segment.start]
                for day in days:
                    _begin(open_days, day, counts[day], field, axes)
                totals = [open_days[day].values for day in days]
                _add(field, segment.period, size, times, totals)
                for day in days:
                    left[day] -= 1
                    if not left[day]:
                        total = open_days.pop(day)
                        mean = (total.values / counts[day]).astype(np.float32)
                        yield total._replace(values=mean)


def _begin(
    open_days: dict[int, Map],
    day: int,
    count: int,
    field: Era5Field,
    axes: tuple[np.ndarray, np.ndarray],
) -> None:
    """Begin the sum of a day unless it has begun; all its values must share the same axes."""
    if day not in open_days:
        # in float64 the sum does not depend on the order
        kind = np.float32 if count == 1 else np.float64
        open_days[day] = Map(np.zeros((len(axes[0]), len(axes[1])), kind), *axes)
    total = open_days[day]
    if not (np.array_equal(total.lat, axes[0]) and np.array_equal(total.lon, axes[1])):
        found = "other latitudes or longitudes than in the file with the rest of the day"
        raise DataError(field.label, field.name, found, "the same grid")


def _add(
    field: Era5Field, period: float, size: TileSize, times: slice, totals: list[np.ndarray]
) -> None:
    """Add the values at some times to their totals, one piece of the map after another."""
    for rows, columns in tiles(totals[0].shape, size):
        piece = field.read(period, time=times, lat=rows, lon=columns)
        for value, total in zip(piece, totals, strict=True):
            total[rows, columns] += value


def _segments(series: Era5Series) -> Iterator[Segment]:
    """Join consecutive runs of a source."""
    steps = [
        ((run.source, run.period), position, day)
        for day, runs in enumerate(series.runs)
        for run in runs
        for position in range(run.start, run.stop)
    ]
    numbered = enumerate(steps)
    for (kind, _), group in groupby(numbered, lambda step: (step[1][0], step[1][1] - step[0])):
        members = [step for _, step in group]
        source, period = kind
        yield Segment(source, period, members[0][1], [day for _, _, day in members])


def _check_day(series: Era5Series, position: int, day: Map, before: Map | None) -> None:
    """Refuse empty and repeated days, as archives have had (arco-era5, issues 62, 105 and 144)."""
    date = series.days[position]
    if np.isnan(day.values).all():
        raise DataError(series.folder, series.variable, f"no value on {date}", "a complete map")
    if before is None or not np.array_equal(day.values, before.values, equal_nan=True):
        return
    if np.fmin.reduce(day.values, axis=None) < np.fmax.reduce(day.values, axis=None):
        found = f"the map of {date} identical to that of the day before"
        raise DataError(series.folder, series.variable, found, "a different map", "get it again")
