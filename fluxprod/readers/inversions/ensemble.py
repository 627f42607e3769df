"""Atmospheric inversions of the Global Carbon Budget (GCP inversions, 1 degree, monthly)."""

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
from fluxprod.readers.files.global_field import check_plausible, checked, factor, opened, stamps
from fluxprod.readers.files.only_file import only_file

PATTERN = "GCP????_inversions_1x1_version*"  # .nc or .zip
NAMES = "ensemble_member_name"
MEMBER = "ensemble_member"
RIVER_ADJUSTED = "land_flux_fossil_cement_and_river_adjusted"  # in the 2022 edition only
NO_RIVERS = "this edition has none: set inversions.rivers to separate and give a file of rivers"
DIMS = (MEMBER, "time", "lat", "lon")
UNITS = {  # to g m-2 d-1
    "pgcm-2yr-1": PG / DAYS_PER_YEAR,
    "pgc/m2/yr": PG / DAYS_PER_YEAR,
    "gcm-2yr-1": 1.0 / DAYS_PER_YEAR,
    "gcm-2d-1": 1.0,
}
LARGEST = 500.0  # g m-2 d-1 in a month and cell; a wrong unit is off by 1e9 or more
SMALLEST = 1e-6  # g m-2 d-1, of the largest value of a member


def read_inversions(
    folder: Path, members: Sequence[str], *, variable: str, years: range
) -> xr.Dataset:
    """Read the surface-based members of an ensemble.

    Parameters
    ----------
    folder : Path
        Folder with one ``GCP<year>_inversions_1x1_version*.nc`` (or ``.zip`` with it), or that
        file; 2022 and later editions.
    members : sequence of str
        Short names, as CAMS; matched without regard to case and punctuation. A satellite-based
        member (``CAMS-Satellite``) is found by its full name only.
    variable : str
        ``land_flux_only_fossil_cement_adjusted`` or, in the 2022 edition only,
        ``land_flux_fossil_cement_and_river_adjusted``.
    years : range
        All their months must be there.

    Returns
    -------
    Dataset
        ``flux`` (member, time, lat, lon) [g m-2 d-1 of the whole cell], south to north and -180
        to 180, positive to the atmosphere; NaN where a member has no data.

    Raises
    ------
    DataError
        If a member, month, variable or unit is missing or other than expected.
    """
    path = only_file(folder, PATTERN, "inversions")
    months = monthly_axis(years[0], years[-1])
    with opened(path) as dataset:
        if variable == RIVER_ADJUSTED and variable not in dataset.variables:
            found = f"only {sorted(map(str, dataset.data_vars))}"
            raise DataError(path, variable, found, "this variable", NO_RIVERS)
        field = checked(path, dataset, variable, DIMS)
        scale = factor(path, field, UNITS)
        rows = member_rows(path, member_names(path, dataset), members)
        field = field.isel(time=_positions(path, dataset, months))
        parts = [_member(path, field.isel({MEMBER: row}), scale) for row in rows]
        coords = {"lat": dataset.lat.values, "lon": dataset.lon.values}
    flux = xr.DataArray(
        np.stack(parts),
        dims=("member", "time", "lat", "lon"),
        coords={"member": list(members), "time": months, **coords},
        attrs={"units": "g m-2 d-1"},
    )
    return to_south_north(flux).to_dataset(name="flux")


def member_names(path: Path, dataset: xr.Dataset) -> list[str]:
    """Names of the members, in either of their forms: text or rows of characters.

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

    Raises
    ------
    DataError
        If a wanted member is not there, or more than one fits.
    """
    return [_row(path, [_plain(name) for name in names], names, member) for member in wanted]


def _row(path: Path, plain: list[str], names: Sequence[str], wanted: str) -> int:
    key = _plain(wanted)
    if plain.count(key) == 1:
        return plain.index(key)
    fits = [row for row, name in enumerate(plain) if key in name and "satellite" not in name]
    if len(fits) != 1:
        found = f"{[names[row] for row in fits] or 'none'} among {list(names)}"
        raise DataError(path, f"member {wanted}", found, "one member")
    return fits[0]


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def _positions(path: Path, dataset: xr.Dataset, months: pd.DatetimeIndex) -> slice | np.ndarray:
    """Where each month is in the file; the day within the month does not matter."""
    there = stamps(path, dataset).to_period("M")
    position = there.get_indexer(months.to_period("M")) if there.is_unique else np.array([-1])
    if (position < 0).any():
        found = f"{len(there)} months from {there.min()} to {there.max()}"
        expected = f"each month once from {months[0]:%Y-%m} to {months[-1]:%Y-%m}"
        raise DataError(path, "time", found, expected)
    run = slice(int(position[0]), int(position[-1]) + 1)
    return run if (np.diff(position) == 1).all() else position


def _member(path: Path, field: xr.DataArray, scale: float) -> np.ndarray:
    """Load one member [g m-2 d-1], in float32 as in the file."""
    values = np.asarray(field.values, np.float64) * scale
    check_plausible(path, str(field.name), values, LARGEST, "g m-2 d-1")
    there = np.isfinite(values)
    if there.any() and np.abs(values[there]).max() < SMALLEST:
        found = f"no magnitude above {SMALLEST:g} g m-2 d-1"
        raise DataError(path, str(field.name), found, "land fluxes", "check the unit")
    return values.astype(np.float32)
