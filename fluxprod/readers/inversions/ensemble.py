"""Ensemble of atmospheric inversions of the Global Carbon Project (1 degree, monthly)."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.core.time_axis import monthly_axis
from fluxprod.core.units import DAYS_PER_YEAR, PG
from fluxprod.readers.files.global_field import (
    check_plausible,
    checked_variable,
    opened_dataset,
    unique_dates,
    unit_factor,
)
from fluxprod.readers.files.only_file import only_file

PATTERN = "GCP????_inversions_1x1_version*"  # .nc or .zip
NAMES = "ensemble_member_name"
MEMBER = "ensemble_member"
RIVER_ADJUSTED = "land_flux_fossil_cement_and_river_adjusted"  # in the 2022 edition only
FLUX_VARIABLES = {  # by the treatment of rivers
    "separate": "land_flux_only_fossil_cement_adjusted",
    "adjusted": RIVER_ADJUSTED,
}
NO_RIVERS = (
    "this edition has none: set inversions.rivers to separate, and add a file of rivers unless "
    "the inversions have the layer river_adjustment_land"
)
SATELLITE = re.compile("sat|oco")  # GOSAT and OCO-2
JANUARY, FEBRUARY = 1, 2
DIMS = (MEMBER, "time", "lat", "lon")
UNITS = {  # to g m-2 d-1
    "pgcm-2yr-1": PG / DAYS_PER_YEAR,
    "pgc/m2/yr": PG / DAYS_PER_YEAR,
    "gcm-2yr-1": 1.0 / DAYS_PER_YEAR,
    "gcm-2d-1": 1.0,
}
LARGEST = 500.0  # g m-2 d-1, monthly mean of a cell; a wrong unit changes values by 1e9 or more
SMALLEST = 1e-6  # g m-2 d-1, for the largest magnitude of a member


def read_inversions(
    folder: Path, members: Sequence[str], *, variable: str, years: range
) -> xr.Dataset:
    """Read the surface-based members of an ensemble.

    Parameters
    ----------
    folder : Path
        Folder that contains one ``GCP<year>_inversions_1x1_version*.nc`` (or a ``.zip`` with it),
        or the file itself, of the 2022 edition or later.
    members : sequence of str
        Short names, such as CAMS; case and punctuation are ignored. A satellite-based member
        (``CAMS-Satellite``) is found only by its full name.
    variable : str
        ``land_flux_only_fossil_cement_adjusted`` or, in the 2022 edition only,
        ``land_flux_fossil_cement_and_river_adjusted``.
    years : range
        Years to read; all their months must be present.

    Returns
    -------
    Dataset
        ``flux``, dims (member, time, lat, lon), per area of the whole cell, positive to the
        atmosphere, NaN where a member has no data [g m-2 d-1]; south to north and -180 to 180.

    Raises
    ------
    DataError
        If a member, a month, the variable or its unit is missing or not as expected, or a member
        has no data in any of the years.
    """
    path = only_file(folder, PATTERN, "inversions")
    months = monthly_axis(years[0], years[-1])
    with opened_dataset(path) as dataset:
        if variable == RIVER_ADJUSTED and variable not in dataset.variables:
            found = f"only {sorted(map(str, dataset.data_vars))}"
            raise DataError(path, variable, found, "this variable", NO_RIVERS)
        field = checked_variable(path, dataset, variable, DIMS)
        scale = unit_factor(path, field, UNITS)
        rows = member_rows(path, _member_names(path, dataset), members)
        field = field.isel(time=_positions(path, dataset, months))
        parts = [
            _member(path, name, field.isel({MEMBER: row}), scale)
            for name, row in zip(members, rows, strict=True)
        ]
        coords = {"lat": dataset.lat.values, "lon": dataset.lon.values}
    flux = xr.DataArray(
        np.stack(parts),
        dims=("member", "time", "lat", "lon"),
        coords={"member": list(members), "time": months, **coords},
        attrs={"units": "g m-2 d-1"},
    )
    return to_south_north(flux).to_dataset(name="flux")


def _member_names(path: Path, dataset: xr.Dataset) -> list[str]:
    """Names of the members, which files store as texts or as rows of characters.

    Raises
    ------
    DataError
        If there are none.
    """
    if NAMES not in dataset.variables:
        raise DataError(path, NAMES, "no such variable", "the names of the members")
    values = dataset[NAMES].values
    if values.ndim not in (1, 2) or len(values) != dataset.sizes.get(MEMBER):
        found = f"an array {values.shape}"
        raise DataError(path, NAMES, found, f"a name for each of {dataset.sizes.get(MEMBER)}")
    rows = values if values.ndim == 2 else values[:, None]
    return ["".join(_text(part) for part in row).strip(" \0") for row in rows]


def _text(part: object) -> str:
    return part.decode("latin-1") if isinstance(part, bytes) else str(part)


def member_rows(path: Path, names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Position of each wanted member.

    Parameters
    ----------
    path : Path
        File name for error messages.
    names : sequence of str
        Names in the file.
    wanted : sequence of str
        Short names; see `read_inversions`.

    Returns
    -------
    list of int
        Positions in ``names``, in the order of ``wanted``.

    Raises
    ------
    DataError
        If no name or more than one matches a wanted member.
    """
    return [_row(path, [_plain(name) for name in names], names, member) for member in wanted]


def _row(path: Path, plain: list[str], names: Sequence[str], wanted: str) -> int:
    key = _plain(wanted)
    if plain.count(key) == 1:
        return plain.index(key)
    fits = [row for row, name in enumerate(plain) if key in name and not SATELLITE.search(name)]
    if len(fits) != 1:
        found = f"{[names[row] for row in fits] or 'none'} among {list(names)}"
        raise DataError(path, f"member {wanted}", found, "one member")
    return fits[0]


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def _positions(path: Path, dataset: xr.Dataset, months: pd.DatetimeIndex) -> slice | np.ndarray:
    """Position of each month in the file, whatever the day of the month."""
    dates = unique_dates(path, dataset)
    _check_stamps(path, dates)
    there = dates.to_period("M")
    position = there.get_indexer(months.to_period("M")) if there.is_unique else np.array([-1])
    if (position < 0).any():
        found = f"{len(there)} months from {there.min()} to {there.max()}"
        expected = f"each month once from {months[0]:%Y-%m} to {months[-1]:%Y-%m}"
        raise DataError(path, "time", found, expected)
    run = slice(int(position[0]), int(position[-1]) + 1)
    return run if (np.diff(position) == 1).all() else position


def _check_stamps(path: Path, dates: pd.DatetimeIndex) -> None:
    """Refuse stamps that appear to be the ends of months, as editions cover whole years."""
    first, last = dates.min(), dates.max()
    if (dates.day == 1).all() and first.month == FEBRUARY and last.month == JANUARY:
        found = f"{first:%F} to {last:%F}, which look like the ends of months"
        raise DataError(path, "time", found, "stamps within the months", "correct the time axis")


def _member(path: Path, name: str, field: xr.DataArray, scale: float) -> np.ndarray:
    """Load one member, float32 as in the file [g m-2 d-1]."""
    values = np.asarray(field.values, np.float64) * scale
    check_plausible(path, str(field.name), values, LARGEST, "g m-2 d-1")
    there = np.isfinite(values)
    if not there.any():
        member = f"{field.name}, member {name}"
        raise DataError(path, member, "no data in any of the years", "data", "choose other members")
    if np.abs(values[there]).max() < SMALLEST:
        found = f"no magnitude above {SMALLEST:g} g m-2 d-1"
        raise DataError(path, str(field.name), found, "fluxes over land", "check the unit")
    return values.astype(np.float32)
