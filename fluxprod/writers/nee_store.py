"""The store of a forward run: daily mean and spread of the members, monthly means of each.

Blocks of cells are written as they are made, each into chunks that are its own: unsharded and
aligned, so several writers never touch the same chunk.
"""

from pathlib import Path

import dask.array
import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.variables import VARIABLES
from fluxprod.writers.interim import packing

CELLS = 256  # of a block and of a chunk
MONTH_STEP = 1e-4  # [g m-2 d-1] to which monthly means are rounded
DAILY = {"NEE_mean": "mean of the members", "NEE_spread": "standard deviation over the members"}


def create_nee_store(
    path: Path, cells: xr.Dataset, time: pd.DatetimeIndex, months: pd.DatetimeIndex, members: list
) -> None:
    """Write a store without values.

    Parameters
    ----------
    path : Path
    cells : Dataset
        Coordinate ``cell`` and what else is known of cells, kept beside the fluxes.
    time, months : DatetimeIndex
        Days, and first days of the months.
    members : list
        Names of the members.
    """
    n_cells, n_days = cells.sizes["cell"], len(time)
    shape = (len(members), n_cells, len(months))
    units = VARIABLES["NEE"].units
    store = cells.assign(
        {
            name: (
                ("cell", "time"),
                dask.array.empty((n_cells, n_days), chunks=(CELLS, n_days)),
                {"units": units, "long_name": f"{VARIABLES['NEE'].long_name}: {what}"},
            )
            for name, what in DAILY.items()
        }
        | {
            "NEE_month": (
                ("member", "cell", "month"),
                dask.array.empty(shape, chunks=(shape[0], CELLS, shape[2]), dtype=np.float32),
                {"units": units, "long_name": f"{VARIABLES['NEE'].long_name}: monthly means"},
            )
        }
    ).assign_coords(time=time, month=months, member=members)
    chunk = min(CELLS, n_cells)
    encoding: dict = {
        name: packing("NEE", np.empty(0)) | {"chunks": (chunk, n_days)} for name in DAILY
    }
    encoding["NEE_month"] = {"chunks": (shape[0], chunk, shape[2])}
    store.to_zarr(path, compute=False, encoding=encoding, zarr_format=3, consolidated=False)


def write_nee_block(
    path: Path, start: int, mean: np.ndarray, spread: np.ndarray, month: np.ndarray
) -> None:
    """Fill the cells from ``start`` on.

    Parameters
    ----------
    path : Path
        Of `create_nee_store`.
    start : int
        First cell, a multiple of ``CELLS``.
    mean, spread : ndarray, shape (cell, time)
        [g m-2 d-1].
    month : ndarray, shape (member, cell, month)
        [g m-2 d-1].

    Raises
    ------
    DataError
        If a flux lies outside the possible range.
    """
    assert start % CELLS == 0, "a block must begin where a chunk begins"
    assert len(mean) <= CELLS, "a block must not reach into the next chunk"
    daily = dict(zip(DAILY, (mean, spread), strict=True))
    for name, values in daily.items():
        _possible(path, name, values)
    rounded = np.round(month.astype(np.float64) / MONTH_STEP) * MONTH_STEP
    block = xr.Dataset(
        {name: (("cell", "time"), values) for name, values in daily.items()}
        | {"NEE_month": (("member", "cell", "month"), rounded.astype(np.float32))}
    )
    block.to_zarr(
        path,
        region={"cell": slice(start, start + len(mean))},
        zarr_format=3,
        consolidated=False,
    )


def _possible(path: Path, name: str, values: np.ndarray) -> None:
    try:
        packing("NEE", values)
    except ValueError as error:
        raise DataError(path, name, error, "fluxes that can be", "train again") from error
