"""Patches and composites in the vegetation store."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.drivers.patches.cover import Patches
from fluxprod.drivers.settings import YEARS_AT
from fluxprod.drivers.table_a2 import Composites

QUANTITIES = ("NDVI", "EVI", "LST_DAY", "LST_NIGHT", "FPAR", "NDWI", "BAND4")


def patches_in(store: xr.Dataset) -> Patches:
    """List the patches of the store, in the order of the store."""
    return Patches(store.patch_cell.values, store.patch_pft.values, store.patch_share.values)


def composites_of(store: xr.Dataset, first_year: int, last_year: int) -> dict[str, Composites]:
    """Select the composites of each quantity in the years of the mean seasonal cycles.

    Raises
    ------
    DataError
        If a quantity has no composite in these years.
    """
    found = {}
    for name in QUANTITIES:
        field = store[name]
        time = pd.DatetimeIndex(field[field.dims[1]].values)
        found[name] = Composites(field.values.astype(float), time).within(first_year, last_year)
        if not len(found[name].time):
            years = f"no {name} in {first_year} to {last_year}"
            raise DataError(*YEARS_AT, years, "years within the period of the run")
    return found


def composites_at(composites: dict[str, Composites], rows: np.ndarray) -> dict[str, Composites]:
    """Select the composites of some patches, given by position."""
    return {name: Composites(each.values[rows], each.time) for name, each in composites.items()}


def patch_rows(patch_cell: np.ndarray, cell: np.ndarray) -> slice:
    """Find the rows of the patches of consecutive land cells.

    Parameters
    ----------
    patch_cell : ndarray of int, shape (patch,)
        Cell of each patch, in ascending order.
    cell : ndarray of int, shape (cell,)
        Consecutive land cells.

    Raises
    ------
    ValueError
        If the patches are not ordered by cell.
    """
    if (np.diff(patch_cell) < 0).any():
        raise ValueError("patches are not ordered by cell")
    return slice(
        int(np.searchsorted(patch_cell, cell[0], "left")),
        int(np.searchsorted(patch_cell, cell[-1], "right")),
    )
