"""Mean and year-to-year standard deviation of annual NEE by land cell (Fig. 5)."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.evaluation.periods import annual
from fluxprod.regions import ABBREVIATIONS
from fluxprod.time_axis import month_days
from fluxprod.units import DAYS_PER_YEAR, PG

DECIMALS = 1  # g m-2 yr-1


def annual_cells(density: xr.DataArray, cell: np.ndarray) -> np.ndarray:
    """Annual NEE of cells, from monthly maps [g m-2 d-1] to shape (cell, year) [g m-2 yr-1]."""
    days = month_days(pd.DatetimeIndex(density.time.values))
    flat = density.transpose("time", "lat", "lon").values.reshape(density.sizes["time"], -1)
    series = xr.DataArray(
        flat[:, cell].T * days, dims=("cell", "time"), coords={"time": density.time}
    )
    return annual(series).values


def region_cells(monthly: xr.DataArray, region: np.ndarray, land_area: np.ndarray) -> np.ndarray:
    """Annual regional totals spread evenly over the land of each region.

    Parameters
    ----------
    monthly : DataArray, dims (region, time) [PgC month-1]
        With the 18 regions among its rows.
    region : ndarray of int, shape (cell,)
    land_area : ndarray, shape (cell,) [m2]

    Returns
    -------
    ndarray, shape (cell, year) [g m-2 yr-1], missing outside regions
    """
    total = annual(monthly.sel(region=list(ABBREVIATIONS))).values * PG
    area = np.array([land_area[region == number].sum() for number in range(len(ABBREVIATIONS))])
    density = np.divide(
        total, area[:, None], out=np.full(total.shape, np.nan), where=area[:, None] > 0
    )
    return np.where(region[:, None] >= 0, density[region], np.nan)


def map_table(
    geography: xr.Dataset, annual_by_source: dict[str, np.ndarray], fluxcom: np.ndarray
) -> pd.DataFrame:
    """One row a land cell: lat, lon, then mean and standard deviation of each source.

    Parameters
    ----------
    geography : Dataset
        ``cell_lat``, ``cell_lon`` by land cell.
    annual_by_source : dict of ndarray, shape (cell, year) [g m-2 yr-1]
    fluxcom : ndarray, shape (cell,) [g m-2 d-1]
        Mean of the FLUXCOM cube.
    """
    table = pd.DataFrame({"lat": geography.cell_lat.values, "lon": geography.cell_lon.values})
    for source, values in annual_by_source.items():
        table[f"{source}_mean"] = values.mean(axis=1)
        table[f"{source}_std"] = values.std(axis=1)
    table["FLUXCOM_mean"] = fluxcom * DAYS_PER_YEAR
    return table.round(DECIMALS)
