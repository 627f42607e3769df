"""One quantity in one ERA5 file, of both layouts of the Climate Data Store.

The old layout (until 2024) has ``time`` and, in recent months, a dimension ``expver`` (1 ERA5,
5 ERA5T; each NaN where the other applies); the new one has ``valid_time``, a scalar ``number``
and ``expver`` as a coordinate. What an accumulated value covers is not in the file: an hour in
hourly files and in daily means of them, a day in daily sums and in monthly means.
Hersbach et al. 2020, doi 10.1002/qj.3803.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.core.units import SECONDS_PER_DAY
from fluxprod.readers.era5.source import native_name, opened_source
from fluxprod.readers.era5.stated_units import (
    ACCUMULATED,
    UNITS,
    VARIABLE_MAP,
    converted,
    stated_unit,
)
from fluxprod.readers.era5.tiles import TileSize, tile_size
from fluxprod.readers.files.netcdf_source import NetcdfSource, sources_of

HOUR = 3600.0  # s
PACKED_FILL = -32767  # of files that grib_to_netcdf made
DAILY_FILE = re.compile(r"daily[-_](?P<statistic>mean|sum)")


@dataclass(frozen=True)
class Era5Field:
    """A quantity in an open file; values stay on disk until a piece is read.

    Parameters
    ----------
    label : Path
        For messages.
    ours : str
        ``TA``, ``SW_IN`` or ``P``.
    native : Variable
        As in the file, with dimensions time, lat, lon or a location, and at times expver.
    name : str
        Of it in the file.
    unit : str
        As ``era5_units.CONVERSIONS`` writes it.
    period : float
        Time that an accumulated value covers [s].
    streams : ndarray
        Positions along ``expver``, the final one first; empty where it is no dimension.
    """

    label: Path
    ours: str
    native: xr.Variable
    name: str
    unit: str
    period: float
    streams: np.ndarray

    def read(self, **place: slice) -> np.ndarray:
        """Values of a piece in our unit, float32, time first, then lat and lon."""
        native = self.native.isel(place)
        order = [dim for dim in ("time", "lat", "lon") if dim in native.dims]
        native = native.transpose("expver", *order, ..., missing_dims="ignore")
        values = native.values.astype(np.float32, copy=False)
        _check_packed_fill(self.label, self.name, native, values)
        if len(self.streams):
            values = _merged(values[self.streams])
        return converted(self.label, self.ours, self.name, self.unit, values, self.period)

    def tile_size(self, longest: int) -> TileSize:
        """Size of the pieces, of whole chunks of the file, in which reading is cheap."""
        chunks = self.native.encoding.get("chunksizes")
        dims = [str(dim) for dim in self.native.dims]
        by_dim = dict(zip(dims, chunks, strict=True)) if chunks else None
        return tile_size(dict(zip(dims, self.native.shape)), by_dim, longest)


def _merged(streams: np.ndarray) -> np.ndarray:
    """The first stream, and the next ones where it is missing."""
    values = streams[0]
    for other in streams[1:]:
        values = np.where(np.isnan(values), other, values)
    return values


def _check_packed_fill(path: Path, name: str, native: xr.Variable, values: np.ndarray) -> None:
    """A packed file that does not declare its fill value would turn it into weather."""
    packing = native.encoding
    if np.dtype(packing.get("dtype", "f4")).kind != "i" or "scale_factor" not in packing:
        return
    if "_FillValue" in packing or "missing_value" in packing:
        return
    scale = float(packing["scale_factor"])
    fill = PACKED_FILL * scale + float(packing.get("add_offset", 0.0))
    if np.fmin.reduce(values, axis=None) < fill + 0.5 * scale:
        raise DataError(
            path, name, f"packed {PACKED_FILL}, not declared", "a _FillValue", "get it again"
        )


@contextmanager
def opened_field(source: NetcdfSource, ours: str) -> Iterator[tuple[xr.Dataset, Era5Field | None]]:
    """Open a file's dataset and one quantity in it, None if it is not there.

    Raises
    ------
    DataError
        If the file is unreadable, or the quantity's unit or dimensions are unknown.
    """
    with opened_source(source, ours) as dataset:
        name = native_name(dataset, ours)
        yield dataset, None if name is None else _field(source, ours, dataset, name)


def _field(source: NetcdfSource, ours: str, dataset: xr.Dataset, name: str) -> Era5Field:
    label, native = source.label, dataset[name].variable
    unit = stated_unit(label, ours, name, native.attrs.get("units"))
    period = np.nan
    if unit in ACCUMULATED:
        period = _period(label, time_step(statistic_name(source), dataset), source)
    if "time" not in native.dims:
        native = native.set_dims({"time": 1, **native.sizes})
    streams = np.array([], int)
    if "expver" in native.dims:
        streams = np.argsort(dataset["expver"].values if "expver" in dataset.coords else [0])
    return Era5Field(label, ours, _mapped(label, name, native), name, unit, period, streams)


def _mapped(label: Path, name: str, native: xr.Variable) -> xr.Variable:
    """A map without its other dimensions, which are single; places that are no map as they are."""
    if not {"lat", "lon"} <= set(native.dims):
        return native
    others = [dim for dim in native.dims if dim not in ("time", "lat", "lon", "expver")]
    if any(native.sizes[dim] > 1 for dim in others):
        raise DataError(label, name, f"dimensions {native.dims}", "time, lat and lon")
    return native.squeeze(others)


def statistic_name(source: NetcdfSource) -> Path:
    """Whichever name says ``daily-mean`` or ``daily-sum``, the member's or the archive's."""
    return source.label if DAILY_FILE.search(source.label.name) else source.path


def _period(label: Path, step: str, source: NetcdfSource) -> float:
    """Time that an accumulated value covers [s]."""
    if step == "hour":
        return HOUR
    if step == "month":
        return SECONDS_PER_DAY
    match = DAILY_FILE.search(statistic_name(source).name)
    if match is None:
        expected = "daily-mean or daily-sum in it"
        raise DataError(label, "file name", label.name, expected, "name it as issued")
    return HOUR if match["statistic"] == "mean" else SECONDS_PER_DAY


def time_step(path: Path, dataset: xr.Dataset) -> str:
    """Step of the time axis: ``hour``, ``day`` or ``month``; days and hours may have gaps.

    One value alone is a day if the file's name says so, a month on the first of one, else an hour.

    Raises
    ------
    DataError
        If stamps repeat or fall, or the step is another.
    """
    values = np.atleast_1d(dataset.time.values)
    if values.dtype.kind != "M" or np.isnat(values).any():
        raise DataError(path, "time", f"{values[:1]}", "dates of the standard calendar")
    time = pd.DatetimeIndex(values)
    if len(time) == 1:
        if DAILY_FILE.search(path.name):
            return "day"
        return "month" if time[0].day == 1 else "hour"
    hours = np.unique(np.diff(time.to_numpy()) / np.timedelta64(1, "h"))
    if (hours <= 0).any():
        raise DataError(path, "time", "stamps that repeat or fall", "rising stamps")
    if hours.min() == 1 and (hours % 1 == 0).all():
        return "hour"
    if hours.min() == 24 and (hours % 24 == 0).all():
        return "day"
    if 28 * 24 <= hours.min() and hours.max() <= 31 * 24:
        return "month"
    raise DataError(path, "time", f"steps of {hours[:5]} h", "hours, days or months throughout")


def read_era5_file(path: Path, variables: Collection[str] = tuple(UNITS)) -> xr.Dataset:
    """Read all of a small file: monthly means, a few places, or a region.

    Parameters
    ----------
    path : Path
        NetCDF or GRIB of the Climate Data Store, an archive of such files whose steps agree, or
        NetCDF with CF names (tas, rsds, pr).
    variables : collection of str
        Those to read, if they are there.

    Returns
    -------
    Dataset, dims (time, lat, lon), float32
        Those of ``TA`` [degC], ``SW_IN`` [W m-2] and ``P`` [mm d-1] that are there, at the steps
        of the file; south to north, -180 to 180. The attribute ``step`` is ``hour``, ``day`` or
        ``month``.

    Raises
    ------
    DataError
        If the file is unreadable, holds none of the variables, or a unit is unknown.
    """
    found: dict[str, xr.DataArray] = {}
    steps, held = set(), set()
    for source in sources_of(path):
        for ours in [name for name in UNITS if name in variables]:
            with opened_field(source, ours) as (dataset, field):
                held |= set(map(str, dataset.data_vars))
                if field is not None:
                    steps.add(time_step(statistic_name(source), dataset))
                    found[ours] = _labelled(dataset, field)
    if not found or len(steps) > 1:
        raise DataError(path, "variables", sorted(held), sorted(VARIABLE_MAP))
    dataset = xr.Dataset(found, attrs={"step": steps.pop()})
    return to_south_north(dataset) if "lat" in dataset.dims else dataset


def _labelled(dataset: xr.Dataset, field: Era5Field) -> xr.DataArray:
    values = field.read()
    there = [str(dim) for dim in field.native.dims if dim != "expver"]
    first = [dim for dim in ("time", "lat", "lon") if dim in there]
    dims = first + [dim for dim in there if dim not in first]
    coords = {name: dataset[name].values for name in dims if name in dataset.coords}
    if "time" in coords:
        coords["time"] = np.atleast_1d(coords["time"])
    return xr.DataArray(values, coords, dims, attrs={"units": UNITS[field.ours]})
