"""The drivers at towers, and the table of site-days on which the networks are trained.

The meteorology is the tower's own; gaps are filled from ERA5 of its cell, as in Tramontana et al.
(2016). Satellite values are those of the tower's plant functional type.
"""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, great_circle
from fluxprod.core.time_axis import calendar_day
from fluxprod.core.variables import IGBP, drivers_in, rounded
from fluxprod.drivers.cells import drivers_dataset, weather_drivers, weather_of_years
from fluxprod.drivers.daily import light_use, vegetation_cycles
from fluxprod.drivers.patches.cover import Patches, nearest_patches
from fluxprod.drivers.plant_types import tower_shares
from fluxprod.drivers.settings import DriverSettings
from fluxprod.drivers.table_a2 import (
    Composites,
    Weather,
    radiation_at_composites,
    radiation_cycle,
    seasonal_drivers,
    static_drivers,
)
from fluxprod.drivers.vegetation_store import composites_at

REACH = 3  # cells; farther patches of the tower's type cannot represent it


def tower_weather(towers: xr.Dataset, climate: xr.Dataset, grid: Grid) -> Weather:
    """Fill gaps in the meteorology of towers from ERA5 of the nearest land cell.

    Parameters
    ----------
    towers : Dataset, dims (site, time)
        ``TA`` [degC], ``SW_IN`` [W m-2], ``P`` [mm d-1], ``VPD`` [hPa], NaN where missing; ``lat``,
        ``lon``.
    climate : Dataset, dims (cell, time)
        The same variables from ERA5, for the days of ``towers``. Without ``VPD``, the weather has
        none either, because its gaps could not be filled.
    grid : Grid
        Grid of the cells.

    Returns
    -------
    Weather, of shape (site, time)
        Weather without gaps.
    """
    row = nearest_cells(climate.cell.values, grid, towers.lat.values, towers.lon.values)

    def filled(name: str) -> np.ndarray:
        field = towers[name]
        return np.where(np.isfinite(field), field, climate[name].values[row]).astype(float)

    ta, sw_in, p = (filled(name) for name in ("TA", "SW_IN", "P"))
    vpd = filled("VPD") if "VPD" in climate else None
    return Weather(ta, sw_in, p, towers.lat.values, pd.DatetimeIndex(towers.time.values), vpd)


def nearest_cells(cell: np.ndarray, grid: Grid, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Find the land cell nearest to each point.

    Parameters
    ----------
    cell : ndarray of int, shape (cell,)
        Flat indices of the land cells.
    grid : Grid
        Grid of the cells.
    lat, lon : ndarray, shape (site,)
        Coordinates of the points [degree_north], [degree_east].

    Returns
    -------
    ndarray of int, shape (site,)
        Positions in ``cell``.
    """
    cell_lat, cell_lon = grid.lat_lon_of(cell)
    places = zip(lat, lon, strict=True)  # one by one, because all distances together fill gigabytes
    return np.array([great_circle(*place, cell_lat, cell_lon).argmin() for place in places])


def patches_near(towers: xr.Dataset, patches: Patches, grid: Grid) -> list[np.ndarray]:
    """Find the positions of the patches that represent each tower; see `nearest_patches`."""
    numbers = {code: number for number, code in IGBP.items()}
    igbp = np.array([numbers.get(code, 0) for code in towers.igbp.values])
    return nearest_patches(patches, grid, towers.lat.values, towers.lon.values, igbp, REACH)


def tower_drivers(
    weather: Weather,
    near: list[np.ndarray],
    share: np.ndarray,
    composites: dict[str, Composites],
    settings: DriverSettings,
    *,
    igbp: np.ndarray,
) -> xr.Dataset:
    """Compute the drivers of towers.

    Parameters
    ----------
    weather : Weather, of shape (site, time)
        Daily weather of the towers.
    near : list of ndarray of int
        Positions along ``patch`` of the patches that represent each tower.
    share : ndarray, shape (patch,)
        Share of its cell's land that each patch covers [1].
    composites : dict of Composites, of shape (patch, composite)
        Satellite composites of the patches, by quantity.
    settings : DriverSettings
        Water balance, mean seasonal cycles and choices of Table A2.
    igbp : ndarray of str, shape (site,)
        IGBP codes of the towers.

    Returns
    -------
    Dataset
        Drivers as for cells, with the dimension ``site`` instead of ``cell``.
    """
    site = np.repeat(np.arange(len(near)), [len(rows) for rows in near])
    rows = np.concatenate(near)
    local = weather_of_years(weather, *settings.msc_years)
    observed = composites_at(composites, rows)
    radiation = radiation_at_composites(local, observed["EVI"].time, settings.evi_radiation)
    cycles = radiation_cycle(local, settings.ndvi_radiation)
    by_patch = {
        **seasonal_drivers(observed, radiation[site], cycles[site]),
        **static_drivers(observed),
    }

    def means(of_patches: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {
            name: _site_means(values, site, share[rows], len(near))
            for name, values in of_patches.items()
        }

    columns = {
        **means(by_patch),
        **light_use(means(vegetation_cycles(observed)), weather.sw_in, weather.time),
        **tower_shares(igbp),
        **weather_drivers(weather, settings),
    }
    return drivers_dataset(columns, "site", weather)


def _site_means(values: np.ndarray, site: np.ndarray, share: np.ndarray, n: int) -> np.ndarray:
    """Average patches by site, weighted by share; NaN for sites where no patch has a value."""
    flat = values.reshape(len(values), -1)
    weight = np.where(np.isfinite(flat).all(axis=1), share, 0.0)
    total = np.zeros((n, flat.shape[1]))
    np.add.at(total, site, np.where(weight[:, None] > 0, flat, 0.0) * weight[:, None])
    sums = np.bincount(site, weights=weight, minlength=n)
    mean = np.where(sums[:, None] > 0, total / np.where(sums > 0, sums, 1.0)[:, None], np.nan)
    return mean.reshape(n, *values.shape[1:])


def tower_records(towers: xr.Dataset, drivers: xr.Dataset, cell_region: np.ndarray) -> xr.Dataset:
    """List the site-days with NEE and all drivers.

    Parameters
    ----------
    towers : Dataset, dims (site, time)
        ``NEE`` [g m-2 d-1]; and ``lat``, ``lon``, ``igbp``, ``fold`` of each site.
    drivers : Dataset
        Drivers of the towers, as from `tower_drivers`.
    cell_region : ndarray of int, shape (site,)
        Number of the region in which the cell of each tower lies.

    Returns
    -------
    Dataset, dims (record, driver)
        ``x``: drivers in their units and in the order of `drivers_in`, rounded to their steps;
        ``NEE`` [g m-2 d-1]; ``site_index``; ``time``; and ``region``, ``lat``, ``lon``, ``igbp``,
        ``fold`` of each site.

    Raises
    ------
    DataError
        If no site-day has NEE and all drivers.
    """
    time = pd.DatetimeIndex(towers.time.values)
    day = calendar_day(time) - 1
    complete, names = np.isfinite(towers.NEE.values), drivers_in(drivers)
    for name in names:
        complete &= np.isfinite(_on_days(drivers[name], day))
    if not complete.any():
        raise DataError("towers", "site-days", "none with NEE and all drivers", "at least one")
    site, when = np.nonzero(complete)
    x = np.empty((len(site), len(names)), np.float32)
    for column, name in enumerate(names):
        x[:, column] = rounded(name, _on_days(drivers[name], day)[complete])
    return xr.Dataset(
        {
            "x": (("record", "driver"), x),
            "NEE": ("record", towers.NEE.values[complete]),
            "site_index": ("record", site.astype(np.int32)),
            "time": ("record", time.values[when]),
            "region": ("site", cell_region.astype(np.int8)),
            **{name: ("site", towers[name].values) for name in ("lat", "lon", "igbp", "fold")},
        },
        coords={"driver": names, "site": towers.site.values},
    )


def _on_days(driver: xr.DataArray, day: np.ndarray) -> np.ndarray:
    """Expand a driver of towers to (site, time); ``day`` is each day's calendar day, from 0."""
    if "calendar_day" in driver.dims:
        return driver.values[:, day]
    if driver.ndim == 1:
        return np.broadcast_to(driver.values[:, None], (len(driver), len(day)))
    return driver.values


def sites_without_records(records: xr.Dataset) -> list[str]:
    """List sites without any record, such as those on islands without a land cell or patch."""
    count = np.bincount(records.site_index.values, minlength=records.sizes["site"])
    return [str(site) for site in records.site.values[count == 0]]
