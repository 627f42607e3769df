"""The drivers at towers, and the table of site-days that the networks learn from.

Towers bring their own meteorology; where it is missing, ERA5 of their cell takes its place, as in
Tramontana et al. (2016). Satellite values are those of the tower's plant functional type.
"""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, great_circle
from fluxprod.core.time_axis import calendar_day
from fluxprod.core.variables import IGBP, VARIABLES, drivers_in
from fluxprod.drivers.cells import drivers_dataset, weather_drivers, weather_of_years
from fluxprod.drivers.patches.cover import Patches, nearest_patches
from fluxprod.drivers.settings import Recipe
from fluxprod.drivers.table_a2 import (
    Composites,
    Weather,
    radiation_at_composites,
    radiation_cycle,
    seasonal_drivers,
    static_drivers,
)
from fluxprod.drivers.vegetation_store import take

REACH = 3  # cells within which another cell's patch of the tower's type may stand for it


def tower_weather(towers: xr.Dataset, climate: xr.Dataset, grid: Grid) -> Weather:
    """Tower meteorology, with ERA5 of the tower's cell where it is missing.

    A tower off the land cells takes the nearest one.

    Parameters
    ----------
    towers : Dataset, dims (site, time)
    climate : Dataset, dims (cell, time)
    grid : Grid

    Returns
    -------
    Weather, of shape (site, time)
    """
    row = nearest_cells(climate.cell.values, grid, towers.lat.values, towers.lon.values)
    ta, sw_in, p = (
        np.where(np.isfinite(towers[name]), towers[name], climate[name].values[row]).astype(float)
        for name in ("TA", "SW_IN", "P")
    )
    return Weather(ta, sw_in, p, towers.lat.values, pd.DatetimeIndex(towers.time.values))


def nearest_cells(cell: np.ndarray, grid: Grid, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Position of the land cell nearest to each point, shape (site,)."""
    cell_lat, cell_lon = grid.lat_lon_of(cell)
    places = zip(lat, lon, strict=True)  # one by one: all distances at once are gigabytes
    return np.array([great_circle(*place, cell_lat, cell_lon).argmin() for place in places])


def patches_near(towers: xr.Dataset, patches: Patches, grid: Grid) -> list[np.ndarray]:
    """Positions of the patches that stand for each tower (dims (site, ...))."""
    numbers = {code: number for number, code in IGBP.items()}
    igbp = np.array([numbers.get(code, 0) for code in towers.igbp.values])
    return nearest_patches(patches, grid, towers.lat.values, towers.lon.values, igbp, REACH)


def tower_drivers(
    weather: Weather,
    near: list[np.ndarray],
    share: np.ndarray,
    composites: dict[str, Composites],
    recipe: Recipe,
) -> xr.Dataset:
    """Drivers of towers.

    Parameters
    ----------
    weather : Weather, of shape (site, time)
    near : list of ndarray of int
        Positions, in the two below, of the patches that stand for each tower.
    share : ndarray, shape (patch,)
        Of its cell that a patch covers [1].
    composites : dict of Composites, of shape (patch, composite)
    recipe : Recipe

    Returns
    -------
    Dataset
        As for cells, with ``site`` in the place of ``cell``.
    """
    site = np.repeat(np.arange(len(near)), [len(rows) for rows in near])
    rows = np.concatenate(near)
    local = weather_of_years(weather, *recipe.msc_years)
    seen = take(composites, rows)
    radiation = radiation_at_composites(local, seen["EVI"].time, recipe.evi_radiation)
    cycles = radiation_cycle(local, recipe.ndvi_radiation)
    by_patch = {
        **seasonal_drivers(seen, radiation[site], cycles[site]),
        **static_drivers(seen),
    }
    columns = {
        name: _site_means(values, site, share[rows], len(near)) for name, values in by_patch.items()
    }
    return drivers_dataset(columns | weather_drivers(weather, recipe), "site", weather)


def _site_means(values: np.ndarray, site: np.ndarray, share: np.ndarray, n: int) -> np.ndarray:
    """Share-weighted means of each site's patches that have a value; NaN where none has."""
    flat = values.reshape(len(values), -1)
    weight = np.where(np.isfinite(flat).all(axis=1), share, 0.0)
    total = np.zeros((n, flat.shape[1]))
    np.add.at(total, site, np.where(weight[:, None] > 0, flat, 0.0) * weight[:, None])
    whole = np.bincount(site, weights=weight, minlength=n)
    mean = np.where(whole[:, None] > 0, total / np.where(whole > 0, whole, 1.0)[:, None], np.nan)
    return mean.reshape(n, *values.shape[1:])


def tower_records(towers: xr.Dataset, drivers: xr.Dataset, cell_region: np.ndarray) -> xr.Dataset:
    """Site-days with NEE and all drivers.

    Parameters
    ----------
    towers : Dataset, dims (site, time)
    drivers : Dataset
        Of the towers.
    cell_region : ndarray of int, shape (site,)
        Region of the cell of each tower.

    Returns
    -------
    Dataset, dims (record, driver)
        ``x`` in the drivers' units and `driver_names`' order, rounded to their steps; ``NEE``;
        ``site_index``; ``time``; and the facts of each site.

    Raises
    ------
    DataError
        If no site-day is whole.
    """
    time = pd.DatetimeIndex(towers.time.values)
    day = calendar_day(time) - 1
    whole, names = np.isfinite(towers.NEE.values), drivers_in(drivers)
    for name in names:
        whole &= np.isfinite(_on_days(drivers[name], day))
    if not whole.any():
        raise DataError("towers", "site-days", "none with NEE and all drivers", "some")
    site, when = np.nonzero(whole)
    x = np.empty((len(site), len(names)), np.float32)
    for column, name in enumerate(names):
        values = _on_days(drivers[name], day)[whole]
        x[:, column] = np.round(values / VARIABLES[name].step) * VARIABLES[name].step
    return xr.Dataset(
        {
            "x": (("record", "driver"), x),
            "NEE": ("record", towers.NEE.values[whole]),
            "site_index": ("record", site.astype(np.int32)),
            "time": ("record", time.values[when]),
            "region": ("site", cell_region.astype(np.int8)),
            **{name: ("site", towers[name].values) for name in ("lat", "lon", "igbp", "fold")},
        },
        coords={"driver": names, "site": towers.site.values},
    )


def _on_days(driver: xr.DataArray, day: np.ndarray) -> np.ndarray:
    """A tower driver as (site, time); ``day`` is each day's calendar day, from 0."""
    if "calendar_day" in driver.dims:
        return driver.values[:, day]
    if driver.ndim == 1:
        return np.broadcast_to(driver.values[:, None], (len(driver), len(day)))
    return driver.values


def left_out(records: xr.Dataset) -> list[str]:
    """Sites without a whole site-day: no patch is near, as on an island that no land cell holds."""
    count = np.bincount(records.site_index.values, minlength=records.sizes["site"])
    return [str(site) for site in records.site.values[count == 0]]
