"""Lateral transport of carbon by rivers, as an adjustment of the land-atmosphere flux.

The land takes up the carbon that its rivers carry away, so that the flux is negative to the
atmosphere. The layers that come with the inversions of the Global Carbon Budget since 2023 count
it as uptake, with the opposite sign; their name tells.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import cell_area, to_south_north
from fluxprod.core.time_axis import MONTHS, month_days, monthly_axis
from fluxprod.core.units import PG
from fluxprod.readers.files.folder import matching
from fluxprod.readers.files.global_field import (
    check_plausible,
    checked_variable,
    opened_dataset,
    unique_dates,
    unit_factor,
)
from fluxprod.readers.files.only_file import only_file
from fluxprod.readers.inversions.ensemble import PATTERN as INVERSIONS
from fluxprod.readers.inversions.ensemble import UNITS

PATTERN = "*river*.nc"
VARIABLE = "river_flux"  # positive to the atmosphere
LAYER = "river_adjustment_land"  # positive into the land
SIGNS = {VARIABLE: 1.0, LAYER: -1.0}
LARGEST = 50.0  # g m-2 d-1
# PgC yr-1, positive to the atmosphere. Rivers export 0.78 +- 0.41 in Resplandy et al. 2018
# (doi 10.1038/s41561-018-0151-3), 0.65 +- 0.30 in Regnier et al. 2022
# (doi 10.1038/s41586-021-04339-9); about 0.5 in Lauerwald's maps for the Global Carbon Budget.
TOTAL = (-1.5, -0.3)


class RiverLayer(NamedTuple):
    """A variable of a file, and the factor that makes it positive to the atmosphere."""

    path: Path
    name: str
    sign: float


def read_rivers(folder: Path, years: range, *, inversions: Path | None = None) -> xr.DataArray:
    """Read the river adjustment for all months of some years.

    Parameters
    ----------
    folder : Path
        Folder that contains one ``*river*.nc``, or the file itself, with the variable
        ``river_flux`` (positive to the atmosphere) or ``river_adjustment_land`` (positive into the
        land, turned here). Twelve months are taken as a climatology, and a map without months as
        constant.
    years : range
        Years to read.
    inversions : Path, optional
        Folder of the inversions, whose layer ``river_adjustment_land`` is read if ``folder`` has
        no file.

    Returns
    -------
    DataArray, dims (time, lat, lon)
        Flux per area of the whole cell, positive to the atmosphere [g m-2 d-1]; south to north and
        -180 to 180.

    Raises
    ------
    DataError
        If a month, the variable or its unit is missing or not as expected, or if the global total
        is not an uptake of the land of 0.3 to 1.5 PgC yr-1.
    """
    layer = _layer(folder, inversions)
    months = monthly_axis(years[0], years[-1])
    with opened_dataset(layer.path) as dataset:
        values, field = _values(layer, dataset, months)
        coords = {"time": months, "lat": field.lat.values, "lon": field.lon.values}
    flux = xr.DataArray(
        values.astype(np.float32),
        dims=("time", "lat", "lon"),
        coords=coords,
        name=VARIABLE,
        attrs={"units": "g m-2 d-1"},
    )
    flux = to_south_north(flux)
    _check_total(layer, flux)
    return flux


def _layer(folder: Path, inversions: Path | None) -> RiverLayer:
    """Variable in the file of rivers or, without such a file, in that of the inversions."""
    if inversions is not None and not folder.is_file() and not matching(folder, PATTERN):
        paths = [inversions] if inversions.is_file() else matching(inversions, INVERSIONS)
        within = [path for path in paths if LAYER in _variables(path)]
        if len(within) != 1:
            expected = f"one file {PATTERN}, or {LAYER} in the file of inversions"
            raise DataError(folder, "river fluxes", "no such file", expected)
        return RiverLayer(within[0], LAYER, SIGNS[LAYER])
    path = only_file(folder, PATTERN, "river fluxes")
    there = [name for name in SIGNS if name in _variables(path)]
    if len(there) != 1:
        found = str(there) if there else f"only {sorted(_variables(path))}"
        raise DataError(path, VARIABLE, found, f"either {' or '.join(SIGNS)}")
    return RiverLayer(path, there[0], SIGNS[there[0]])


def _variables(path: Path) -> set[str]:
    with opened_dataset(path) as dataset:
        return {str(name) for name in dataset.data_vars}


def _values(
    layer: RiverLayer, dataset: xr.Dataset, months: pd.DatetimeIndex
) -> tuple[np.ndarray, xr.DataArray]:
    """Values of the months, shape (time, lat, lon) [g m-2 d-1], and the variable."""
    path, name, sign = layer
    is_map = "time" not in dataset[name].dims
    dims = ("lat", "lon") if is_map else ("time", "lat", "lon")
    field = checked_variable(path, dataset, name, dims)
    scale = sign * unit_factor(path, field, UNITS)
    if is_map:
        field, position = field.expand_dims("time"), np.zeros(len(months), int)
    else:
        position = _positions(path, unique_dates(path, dataset), months)
    used, place = np.unique(position, return_inverse=True)
    values = field.isel(time=used).values.astype(np.float64) * scale
    check_plausible(path, name, values, LARGEST, "g m-2 d-1")
    return values[place], field


def _positions(path: Path, there: pd.DatetimeIndex, months: pd.DatetimeIndex) -> np.ndarray:
    """Position of each month in the file, by month of the year if it is a climatology."""
    if sorted(there.month) == list(range(1, MONTHS + 1)):
        order: np.ndarray = np.argsort(there.month)
        return order[months.month - 1]
    by_month = there.to_period("M")
    position = by_month.get_indexer(months.to_period("M")) if by_month.is_unique else np.array([-1])
    if (position < 0).any():
        found = f"{len(there)} months from {there.min():%Y-%m} to {there.max():%Y-%m}"
        expected = f"12, or each once from {months[0]:%Y-%m} to {months[-1]:%Y-%m}"
        raise DataError(path, "time", found, expected)
    return position


def global_total(flux: xr.DataArray) -> float:
    """Mean annual total of a monthly flux.

    Parameters
    ----------
    flux : DataArray, dims (time, lat, lon)
        Whole years on equal cells of the globe, NaN counted as zero [g m-2 d-1 of the whole cell].

    Returns
    -------
    float
        [PgC yr-1].
    """
    n_lat, n_lon = flux.shape[1:]
    area = cell_area(np.linspace(-90.0, 90.0, n_lat + 1), np.linspace(-180.0, 180.0, n_lon + 1))
    by_month = np.nansum(flux.values.astype(float) * area, axis=(1, 2))
    years = flux.sizes["time"] / MONTHS
    return float((by_month * month_days(flux.time.values)).sum() / PG / years)


def _check_total(layer: RiverLayer, flux: xr.DataArray) -> None:
    total = global_total(flux)
    if TOTAL[0] <= total <= TOTAL[1]:
        return
    stated = layer.sign * total
    positive = "to the atmosphere" if layer.sign > 0.0 else "into the land"
    low, high = sorted(layer.sign * limit for limit in TOTAL)
    turned = TOTAL[0] <= -total <= TOTAL[1]
    advice = f"change its sign, or call uptake {LAYER}" if layer.sign > 0.0 else "change its sign"
    if not turned:
        advice = "check the unit and the cells, which end at the coast"
    raise DataError(
        layer.path,
        layer.name,
        f"a global total of {stated:+.3g} PgC yr-1",
        f"{low:+g} to {high:+g} PgC yr-1, as it is positive {positive} and the land takes up what "
        "rivers carry away",
        advice,
    )
