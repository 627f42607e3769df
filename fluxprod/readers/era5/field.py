"""One quantity in one ERA5 file, in either layout of the Climate Data Store.

The old layout (until 2024) has ``time`` and, for recent months, a dimension ``expver`` (1 for ERA5,
5 for ERA5T, each NaN where the other applies). The new layout has ``valid_time``, a scalar
``number`` and ``expver`` as a coordinate. Files do not state the period that an accumulated value
covers: it is one hour in hourly files and daily means of them, and one day in daily sums and
monthly means. Hersbach et al. 2020, doi 10.1002/qj.3803.
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
PACKED_FILL = -32767  # in files made by grib_to_netcdf
DAILY_FILE = re.compile(r"daily[-_](?P<statistic>mean|sum)")


@dataclass(frozen=True)
class Era5Field:
    """A quantity in an open file; its values stay on disk until a piece of them is read.

    Parameters
    ----------
    label : Path
        File name for error messages.
    ours : str
        ``TA``, ``SW_IN`` or ``P``.
    native : Variable
        As in the file, dims (time, lat, lon) or (time, location), in some files with expver.
    name : str
        Name of the variable in the file.
    unit : str
        Unit in the file, as spelled in ``stated_units.CONVERSIONS``.
    period : float
        Time that an accumulated value covers [s].
    streams : ndarray of int
        Positions along ``expver``, the final release first; empty if it is not a dimension.
    """

    label: Path
    ours: str
    native: xr.Variable
    name: str
    unit: str
    period: float
    streams: np.ndarray

    def read(self, **place: slice) -> np.ndarray:
        """Values of a piece in our unit, float32, with dimensions ordered time, lat, lon."""
        native = self.native.isel(place)
        order = [dim for dim in ("time", "lat", "lon") if dim in native.dims]
        native = native.transpose("expver", *order, ..., missing_dims="ignore")
        values: np.ndarray = native.values.astype(np.float32, copy=False)
        _check_packed_fill(self.label, self.name, native, values)
        if len(self.streams):
            values = _merged(values[self.streams])
        return converted(self.label, self.ours, self.name, self.unit, values, self.period)

    def tile_size(self, longest: int) -> TileSize:
        """Size of pieces that consist of whole chunks of the file, at most ``longest`` in time."""
        chunks = self.native.encoding.get("chunksizes")
        dims = [str(dim) for dim in self.native.dims]
        by_dim = dict(zip(dims, chunks, strict=True)) if chunks else None
        return tile_size(dict(zip(dims, self.native.shape)), by_dim, longest)


def _merged(streams: np.ndarray) -> np.ndarray:
    """Values of the first stream, filled from the next ones where they are missing."""
    values: np.ndarray = streams[0]
    for other in streams[1:]:
        values = np.where(np.isnan(values), other, values)
    return values


def _check_packed_fill(path: Path, name: str, native: xr.Variable, values: np.ndarray) -> None:
    """Refuse an undeclared packed fill value, which would be unpacked as weather."""
    packing = native.encoding
    if np.dtype(packing.get("dtype", "f4")).kind != "i" or "scale_factor" not in packing:
        return
    if "_FillValue" in packing or "missing_value" in packing:
        return
    scale = float(packing["scale_factor"])
    fill = PACKED_FILL * scale + float(packing.get("add_offset", 0.0))
    if np.fmin.reduce(values, axis=None) < fill + 0.5 * scale:
        raise DataError(
            path, name, f"packed {PACKED_FILL}, undeclared", "a _FillValue", "get it again"
        )


@contextmanager
def opened_field(source: NetcdfSource, ours: str) -> Iterator[tuple[xr.Dataset, Era5Field | None]]:
    """Open a file and one quantity in it.

    Parameters
    ----------
    source : NetcdfSource
        File, or member of an archive.
    ours : str
        ``TA``, ``SW_IN`` or ``P``.

    Yields
    ------
    dataset : Dataset
    field : Era5Field or None
        None if the file does not contain the quantity.

    Raises
    ------
    DataError
        If the file is unreadable, or the unit or dimensions of the quantity are unknown.
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
    """Drop further dimensions of length one from maps; keep data of single places as they are."""
    if not {"lat", "lon"} <= set(native.dims):
        return native
    others = [dim for dim in native.dims if dim not in ("time", "lat", "lon", "expver")]
    if any(native.sizes[dim] > 1 for dim in others):
        raise DataError(label, name, f"dimensions {native.dims}", "time, lat and lon")
    squeezed: xr.Variable = native.squeeze(others)
    return squeezed


def statistic_name(source: NetcdfSource) -> Path:
    """Name of the member or of its archive, whichever contains ``daily-mean`` or ``daily-sum``."""
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
        raise DataError(label, "file name", label.name, expected, "restore its original name")
    return HOUR if match["statistic"] == "mean" else SECONDS_PER_DAY


def time_step(path: Path, dataset: xr.Dataset) -> str:
    """Step of the time axis; there may be gaps between days and between hours.

    A single value is a day if the file name says so, else a month if it is dated on the first of
    one, else an hour.

    Parameters
    ----------
    path : Path
        File name, for the statistic in it and for error messages.
    dataset : Dataset
        Dataset with a coordinate ``time``.

    Returns
    -------
    str
        ``hour``, ``day`` or ``month``.

    Raises
    ------
    DataError
        If time stamps repeat or decrease, or the step is none of these.
    """
    values = np.atleast_1d(dataset.time.values)
    if values.dtype.kind != "M" or np.isnat(values).any():
        raise DataError(path, "time", f"{values[:1]}", "dates in the standard calendar")
    time = pd.DatetimeIndex(values)
    if len(time) == 1:
        if DAILY_FILE.search(path.name):
            return "day"
        return "month" if time[0].day == 1 else "hour"
    hours = np.unique(np.diff(time.to_numpy()) / np.timedelta64(1, "h"))
    if (hours <= 0).any():
        raise DataError(path, "time", "stamps that repeat or decrease", "increasing time stamps")
    if hours.min() == 1 and (hours % 1 == 0).all():
        return "hour"
    if hours.min() == 24 and (hours % 24 == 0).all():
        return "day"
    if 28 * 24 <= hours.min() and hours.max() <= 31 * 24:
        return "month"
    raise DataError(path, "time", f"steps of {hours[:5]} h", "steps of an hour, a day or a month")


def read_era5_file(path: Path, variables: Collection[str] = tuple(UNITS)) -> xr.Dataset:
    """Read a small file completely: monthly means, a few places, or a region.

    Parameters
    ----------
    path : Path
        NetCDF or GRIB file of the Climate Data Store, an archive of such files with the same time
        step, or a NetCDF file with CF names (tas, rsds, pr).
    variables : collection of str
        Variables to read where present, of ``TA``, ``SW_IN`` and ``P``.

    Returns
    -------
    Dataset, dims (time, lat, lon), float32
        Those of ``TA`` [degC], ``SW_IN`` [W m-2] and ``P`` [mm d-1] that are present, at the time
        steps of the file; south to north and -180 to 180. The attribute ``step`` is ``hour``,
        ``day`` or ``month``.

    Raises
    ------
    DataError
        If the file is unreadable or contains none of the variables, or a unit is unknown.
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
