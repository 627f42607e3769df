"""Climatology of temperature and precipitation on the grid and days of the synthetic Earth."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import Grid, regrid

MID_MONTH = (
    (np.arange(-1, 13) + 0.5) * 365.25 / 12.0
)  # day of the year, with one more month at each end


def monthly_normals(climate: xr.Dataset, grid: Grid) -> dict[str, np.ndarray]:
    """Regrid monthly TA [degC] and P [mm d-1] to a grid, each (12, lat, lon), south to north."""
    return {name: regrid(climate[name], grid).values for name in ("TA", "P")}


def daily_normals(monthly: np.ndarray, time: pd.DatetimeIndex) -> np.ndarray:
    """Interpolate monthly normals (12, ...) linearly between mid-months to days (time, ...)."""
    padded = np.concatenate([monthly[-1:], monthly, monthly[:1]])
    day = np.asarray(time.day_of_year, dtype=float) - 0.5
    after = np.searchsorted(MID_MONTH, day)
    share = (day - MID_MONTH[after - 1]) / (MID_MONTH[after] - MID_MONTH[after - 1])
    share = share.reshape(-1, *(1,) * (monthly.ndim - 1))
    return padded[after - 1] * (1.0 - share) + padded[after] * share
