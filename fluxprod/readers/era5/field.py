"""One quantity in one ERA5 file, in either layout of the Climate Data Store.

The old layout (until 2024) has ``time`` and, for recent months, a dimension ``expver`` (1 for ERA5,
5 for ERA5T, each NaN where the other applies). The new layout has ``valid_time``, a scalar
``number`` and ``expver`` as a coordinate. An accumulated value covers one hour in hourly files and
daily means of them, and one day in daily sums and monthly means. Hersbach et al. 2020, doi
10.1002/qj.3803.
"""

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
from fluxprod.readers.era5.axes import check_axes, without_twin
from fluxprod.readers.era5.coverage import Coverage, coverage, unstated
from fluxprod.readers.era5.running_totals import check_hours, is_running, refusal
from fluxprod.readers.era5.source import native_name, opened_source
from fluxprod.readers.era5.stated_units import (
    ACCUMULATED,
    UNITS,
    VARIABLE_MAP,
    converted,
    stated_unit,
)
from fluxprod.readers.era5.statements import names_era5_land, shift_from_utc, statements
from fluxprod.readers.era5.tiles import TileSize, tile_size
from fluxprod.readers.files.netcdf_source import NetcdfSource, sources_of

PACKED_FILL = -32767  # in files made by grib_to_netcdf
# codes.ecmwf.int/grib/param-db; 201 and 202, for example, are extremes of temperature
PARAMETERS = {"TA": {167}, "TD": {168}, "SW_IN": {169}, "P": {228, 228228}}


@dataclass(frozen=True)
class Era5Field:
    """A quantity in an open file; its values stay on disk until a piece of them is read.

    Parameters
    ----------
    label : Path
        File name for error messages.
    ours : str
        ``TA``, ``TD``, ``SW_IN`` or ``P``.
    native : Variable
        As in the file, dims (time, lat, lon) or (time, location), in some files with expver.
    name : str
        Name of the variable in the file.
    unit : str
        Unit in the file, as spelled in ``stated_units.CONVERSIONS``.
    coverage : Coverage
        What each time step covers.
    streams : ndarray of int
        Positions along ``expver``, the final release first; empty if it is not a dimension.
    """

    label: Path
    ours: str
    native: xr.Variable
    name: str
    unit: str
    coverage: Coverage
    streams: np.ndarray

    def read(self, period: float, **place: slice) -> np.ndarray:
        """Read a piece in our unit, float32, with dimensions ordered time, lat, lon.

        ``period`` is the time over which accumulations were summed [s].
        """
        native = self.native.isel(place)
        order = [dim for dim in ("time", "lat", "lon") if dim in native.dims]
        native = native.transpose("expver", *order, ..., missing_dims="ignore")
        values: np.ndarray = native.values.astype(np.float32, copy=False)
        _check_packed_fill(self.label, self.name, native, values)
        if len(self.streams):
            values = _merged(values[self.streams])
        return converted(self.label, self.ours, self.name, self.unit, values, period)

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
        ``TA``, ``TD``, ``SW_IN`` or ``P``.

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
    _check_parameter(label, ours, name, native)
    unit = stated_unit(label, ours, name, native.attrs.get("units"))
    stated = statements(source, dataset, name)
    axis = time_step(label, dataset)
    covered = coverage(label, name, unit, axis, stated)
    if unit in ACCUMULATED and names_era5_land(source, dataset):
        check_hours(label, name, dataset.time.values, axis, stated=covered.step == "day")
    if covered.step == "day":
        _check_utc(label, name, unit, dataset)
    if "time" not in native.dims:
        native = native.set_dims({"time": 1, **native.sizes})
    streams = np.array([], int)
    if "expver" in native.dims:
        streams = np.argsort(dataset["expver"].values if "expver" in dataset.coords else [0])
    return Era5Field(label, ours, _mapped(label, name, native), name, unit, covered, streams)


def _check_parameter(label: Path, ours: str, name: str, native: xr.Variable) -> None:
    """Refuse another parameter under the name of ours, such as a maximum of temperature."""
    number = native.attrs.get("GRIB_paramId")
    if number is not None and number not in PARAMETERS[ours]:
        found = f"parameter {number} ({native.attrs.get('GRIB_name', 'unnamed')})"
        raise DataError(label, name, found, f"parameter {min(PARAMETERS[ours])}")


def _check_utc(label: Path, name: str, unit: str, dataset: xr.Dataset) -> None:
    """Refuse days in another time zone; accumulations are shifted by the hour before the stamp."""
    shift = shift_from_utc(dataset)
    if shift not in ({0, -1} if unit in ACCUMULATED else {0}):
        found = f"days shifted by {shift} h"
        raise DataError(label, name, found, "days in UTC", "request the time zone utc+00:00")


def _mapped(label: Path, name: str, native: xr.Variable) -> xr.Variable:
    """Drop further dimensions of length one from maps; keep data of single places as they are."""
    if not {"lat", "lon"} <= set(native.dims):
        return native
    others = [dim for dim in native.dims if dim not in ("time", "lat", "lon", "expver")]
    if any(native.sizes[dim] > 1 for dim in others):
        raise DataError(label, name, f"dimensions {native.dims}", "time, lat and lon")
    squeezed: xr.Variable = native.squeeze(others)
    return squeezed


def time_step(path: Path, dataset: xr.Dataset) -> str:
    """Step of the time axis; there may be gaps between days and between hours.

    Parameters
    ----------
    path : Path
        File name for error messages.
    dataset : Dataset
        Dataset with a coordinate ``time``.

    Returns
    -------
    str
        ``hour``, ``day`` or ``month``; ``one`` if there is a single value.

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
        return "one"
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
        step, or a NetCDF file with CF names (tas, tdps, rsds, pr).
    variables : collection of str
        Variables to read where present, of ``TA``, ``TD``, ``SW_IN`` and ``P``.

    Returns
    -------
    Dataset, dims (time, lat, lon), float32
        Those of ``TA`` and ``TD`` [degC], ``SW_IN`` [W m-2] and ``P`` [mm d-1] that are present, at
        the time steps of the file; south to north and -180 to 180. The attribute ``step`` is
        ``hour``, ``day`` or ``month``.

    Raises
    ------
    DataError
        If the file is unreadable or contains none of the variables, a unit is unknown, it is not
        clear what its steps cover, or amounts are accumulated since 00 UTC.
    """
    found: dict[str, xr.DataArray] = {}
    steps, held = set(), set()
    for source in sources_of(path):
        for ours in [name for name in UNITS if name in variables]:
            with opened_field(source, ours) as (dataset, field):
                held |= set(map(str, dataset.data_vars))
                if field is not None:
                    steps.add(field.coverage.step)
                    land = names_era5_land(source, dataset)
                    found[ours] = _labelled(dataset, field, land)
    if not found or len(steps) > 1:
        raise DataError(path, "variables", sorted(held), sorted(VARIABLE_MAP))
    dataset = xr.Dataset(found, attrs={"step": steps.pop()})
    return to_south_north(dataset) if "lat" in dataset.dims else dataset


def _labelled(dataset: xr.Dataset, field: Era5Field, land: bool) -> xr.DataArray:
    stamps = np.atleast_1d(dataset.time.values)
    if field.coverage.lone and len(stamps) > 1:
        raise unstated(field.label, field.unit)
    if field.unit in ACCUMULATED and field.coverage.step == "hour":
        _check_hourly(field, stamps, land)
    gridded = all(field.native.sizes.get(dim, 0) > 1 for dim in ("lat", "lon"))
    if gridded:
        check_axes(field.label, dataset)
    values = field.read(field.coverage.period)
    there = [str(dim) for dim in field.native.dims if dim != "expver"]
    first = [dim for dim in ("time", "lat", "lon") if dim in there]
    dims = first + [dim for dim in there if dim not in first]
    coords = {name: dataset[name].values for name in dims if name in dataset.coords}
    if "time" in coords:
        coords["time"] = np.atleast_1d(coords["time"])
    labelled = xr.DataArray(values, coords, dims, attrs={"units": UNITS[field.ours]})
    return without_twin(field.label, labelled) if gridded else labelled


def _check_hourly(field: Era5Field, stamps: np.ndarray, land: bool) -> None:
    """Refuse accumulations since 00 UTC; where values do not tell, ERA5-Land is taken for such."""
    values = field.read(SECONDS_PER_DAY)
    running = is_running(stamps, values.reshape(len(values), -1), field.ours)
    if running or (running is None and land):
        raise refusal(field.label, field.name)
