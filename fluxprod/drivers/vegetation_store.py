"""The vegetation store as patches and composites."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.drivers.patches.cover import Patches
from fluxprod.drivers.settings import YEARS_AT
from fluxprod.drivers.table_a2 import Composites

QUANTITIES = ("NDVI", "EVI", "LST_DAY", "LST_NIGHT", "FPAR", "NDWI", "BAND4")


def patches_in(store: xr.Dataset) -> Patches:
    """Patches of the store, in its order."""
    return Patches(store.patch_cell.values, store.patch_pft.values, store.patch_share.values)


def composites_of(store: xr.Dataset, first_year: int, last_year: int) -> dict[str, Composites]:
    """Composites of each quantity in the years of the mean seasonal cycles.

    Raises
    ------
    DataError
        If no composite falls into the years.
    """
    found = {}
    for name in QUANTITIES:
        field = store[name]
        time = pd.DatetimeIndex(field[field.dims[1]].values)
        found[name] = Composites(field.values.astype(float), time).within(first_year, last_year)
        if not len(found[name].time):
            years = f"no {name} in {first_year} to {last_year}"
            raise DataError(*YEARS_AT, years, "years of the run")
    return found


def take(composites: dict[str, Composites], rows: np.ndarray) -> dict[str, Composites]:
    """Composites of some patches."""
    return {name: Composites(each.values[rows], each.time) for name, each in composites.items()}


def patch_rows(patch_cell: np.ndarray, cell: np.ndarray) -> slice:
    """Rows of the patches of consecutive land cells; patches are ordered by cell.

    Raises
    ------
    ValueError
        If they are not.
    """
    if (np.diff(patch_cell) < 0).any():
        raise ValueError("patches are not ordered by cell")
    return slice(
        int(np.searchsorted(patch_cell, cell[0], "left")),
        int(np.searchsorted(patch_cell, cell[-1], "right")),
    )
