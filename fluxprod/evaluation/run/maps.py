"""NEE by land cell: annual (Fig. 5), by calendar month (Fig. 6), and minus the truth."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.time_axis import month_days
from fluxprod.evaluation.run.periods import annual, seasonal_cycle
from fluxprod.evaluation.run.sources import EC, EC_ATM, FLUXCOM, INVERSIONS, OURS, TRUTH

DECIMALS = 1  # g m-2 yr-1
MONTHLY_DECIMALS = 2  # g m-2 d-1
BIASED = (EC_ATM, EC, INVERSIONS, FLUXCOM)  # sources of which the bias is shown


def at_cells(field: xr.DataArray, cell: np.ndarray) -> xr.DataArray:
    """Extract the series of cells from a map, dims (time, lat, lon) to (cell, time)."""
    flat = field.transpose("time", "lat", "lon").values.reshape(field.sizes["time"], -1)
    coords = {"cell": cell, "time": field.time.values}
    return xr.DataArray(flat[:, cell].T, dims=("cell", "time"), coords=coords)


def per_land_area(density: xr.DataArray, geography: xr.Dataset) -> xr.DataArray:
    """Convert a flux per area of the whole cell to one per area of its land, dims (cell, time)."""
    fraction = geography.land_fraction.values.ravel()[density.cell.values]
    of_land: xr.DataArray = density.transpose("cell", "time") / fraction[:, None]
    return of_land


def annual_density(monthly: xr.DataArray) -> np.ndarray:
    """Annual NEE of cells, from dims (cell, time) [g m-2 d-1] to (cell, year) [g m-2 yr-1]."""
    monthly = monthly.transpose("cell", "time").astype(float)
    return annual(monthly * month_days(pd.DatetimeIndex(monthly.time.values))).values


def map_table(geography: xr.Dataset, monthly_by_source: dict[str, xr.DataArray]) -> pd.DataFrame:
    """Mean and standard deviation of annual NEE of each source, one row per land cell.

    Parameters
    ----------
    geography : Dataset
        ``cell_lat``, ``cell_lon`` by land cell.
    monthly_by_source : dict of DataArray, dims (cell, time)
        Monthly NEE per area of land [g m-2 d-1].

    Returns
    -------
    DataFrame
        ``lat``, ``lon`` [degree], and ``<source>_mean`` and ``<source>_std`` [g m-2 yr-1].
    """
    table = pd.DataFrame({"lat": geography.cell_lat.values, "lon": geography.cell_lon.values})
    for source, monthly in monthly_by_source.items():
        values = annual_density(monthly)
        table[f"{source}_mean"] = values.mean(axis=1)
        table[f"{source}_std"] = values.std(axis=1)
    return table.round(DECIMALS)


def monthly_map_table(
    geography: xr.Dataset, monthly_by_source: dict[str, xr.DataArray]
) -> pd.DataFrame:
    """Mean NEE of both models by calendar month, one row per land cell (Fig. 6).

    Parameters
    ----------
    geography : Dataset
        ``cell_lat``, ``cell_lon`` by land cell.
    monthly_by_source : dict of DataArray, dims (cell, time)
        Monthly NEE per area of land [g m-2 d-1].

    Returns
    -------
    DataFrame
        ``lat``, ``lon`` [degree] and ``<model>_<month>`` for months 1 to 12 [g m-2 d-1].
    """
    columns = {"lat": geography.cell_lat.values, "lon": geography.cell_lon.values}
    for source in OURS:
        cycle = seasonal_cycle(monthly_by_source[source].transpose("cell", "time"))
        for month, values in zip(cycle.month.values, cycle.values.T.astype(float)):
            columns[f"{source}_{month}"] = values.round(MONTHLY_DECIMALS)
    return pd.DataFrame(columns)


def bias_table(table: pd.DataFrame) -> pd.DataFrame:
    """Bias of mean annual NEE of each source, from the table of `map_table` [g m-2 yr-1]."""
    columns = {source: table[f"{source}_mean"] - table[f"{TRUTH}_mean"] for source in BIASED}
    return table[["lat", "lon"]].assign(**columns).round(DECIMALS)
