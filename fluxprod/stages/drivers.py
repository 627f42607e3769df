"""Compute the drivers of every land cell, and of every tower day with NEE."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.tasks import map_tasks
from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import CALENDAR_DAYS
from fluxprod.core.variables import driver_names
from fluxprod.core.world import World
from fluxprod.drivers.cells import DIMS, cell_drivers
from fluxprod.drivers.settings import DriverSettings
from fluxprod.drivers.table_a2 import Weather
from fluxprod.drivers.tower_records import (
    nearest_cells,
    patches_near,
    sites_without_records,
    tower_drivers,
    tower_records,
    tower_weather,
)
from fluxprod.drivers.vegetation_store import composites_of, patch_rows, patches_in
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._run import run
from fluxprod.writers.driver_store import (
    CHUNK,
    as_stored,
    create_driver_store,
    shards,
    write_driver_shard,
)
from fluxprod.writers.interim import write_interim


class Shard(NamedTuple):
    """What a worker needs to compute the drivers of one shard of cells."""

    climate: Path
    vegetation: Path
    geography: Path
    store: Path
    cells: slice
    settings: DriverSettings


def main(
    *,
    climate: Path,
    vegetation: Path,
    geography: Path,
    towers: Path,
    drivers: Path,
    sites: Path,
    world: World,
    params: DriverSettings,
    compute: ComputeSettings,
) -> None:
    facts, deficit = store_coordinates(geography, climate), has_deficit(climate)
    records = site_records(climate, vegetation, geography, towers, Grid(world.resolution), params)
    if names := sites_without_records(records):
        print(
            f"drivers: left out sites without satellite values nearby: {', '.join(names)}",
            flush=True,
        )
    sources = climate.absolute(), vegetation.absolute(), geography.absolute()
    with atomic_output(drivers) as store:
        names = driver_names(anomalies=params.anomalies, deficit=deficit)
        create_driver_store(store, facts, {name: DIMS[name] for name in names})
        tasks = [
            Shard(*sources, store.absolute(), cells, params)
            for cells in shards(facts.sizes["cell"])
        ]
        files = *sources, store.absolute()
        for _ in map_tasks(write_shard, tasks, compute, description="drivers", files=files):
            pass
    write_interim(records, sites)


def store_coordinates(geography: Path, climate: Path) -> xr.Dataset:
    """Read the coordinates of the store, and the position, region and area of each cell.

    Raises
    ------
    DataError
        If the climate store has other cells.
    """
    land = read_interim(geography)
    facts = land[["cell_lat", "cell_lon", "cell_region", "land_area"]]
    with open_interim(climate) as weather:
        time = weather.time.load()
    if not np.array_equal(weather.cell, land.cell):
        raise DataError(
            climate, "cell", "other cells", f"the cells of {geography.name}", "run dvc repro"
        )
    return facts.assign_coords(time=time, calendar_day=np.arange(1, CALENDAR_DAYS + 1))


def has_deficit(climate: Path) -> bool:
    """Whether the climate store has the vapour pressure deficit."""
    with open_interim(climate) as weather:
        return "VPD" in weather


def write_shard(shard: Shard) -> None:
    """Compute and write the drivers of one shard, a few cells at a time."""
    lat, first, stop = cell_lat(shard.geography), shard.cells.start, shard.cells.stop
    whole: dict[str, np.ndarray] = {}
    for start in range(first, stop, CHUNK):
        cells = slice(start, min(start + CHUNK, stop))
        rows = slice(cells.start - first, cells.stop - first)
        for name, driver in drivers_of(shard, cells, lat[cells]).data_vars.items():
            values = as_stored(str(name), driver.values)
            shape = stop - first, *values.shape[1:]
            whole.setdefault(str(name), np.empty(shape, np.float32))[rows] = values
    block = xr.Dataset({name: (DIMS[name], values) for name, values in whole.items()})
    write_driver_shard(shard.store, shard.cells, block)


def drivers_of(shard: Shard, cells: slice, lat: xr.DataArray) -> xr.Dataset:
    """Compute the drivers of consecutive land cells.

    Parameters
    ----------
    shard : Shard
        Shard to which the cells belong.
    cells : slice
        Positions of the cells.
    lat : DataArray, dims (cell)
        Latitude of these cells [degree_north].
    """
    cell = lat.cell.values
    with open_interim(shard.climate) as store:
        weather = weather_of(store.isel(cell=cells).load(), lat.values)
    with open_interim(shard.vegetation) as store:
        part = store.isel(patch=patch_rows(store.patch_cell.values, cell)).load()
    composites = composites_of(part, *shard.settings.msc_years)
    return cell_drivers(weather, cell, patches_in(part), composites, shard.settings)


def cell_lat(geography: Path) -> xr.DataArray:
    """Read the latitude of each land cell, shape (cell,) [degree_north]."""
    with open_interim(geography) as land:
        lat: xr.DataArray = land.cell_lat.load()
    return lat


def weather_of(store: xr.Dataset, lat: np.ndarray) -> Weather:
    """Convert the cells of a climate store to weather, in float64."""
    ta, sw_in, p = (store[name].values.astype(float) for name in ("TA", "SW_IN", "P"))
    vpd = store["VPD"].values.astype(float) if "VPD" in store else None
    return Weather(ta, sw_in, p, lat, pd.DatetimeIndex(store.time.values), vpd)


def site_records(
    climate: Path,
    vegetation: Path,
    geography: Path,
    towers: Path,
    grid: Grid,
    settings: DriverSettings,
) -> xr.Dataset:
    """List the site-days with NEE and drivers, reading only cells and patches near towers.

    Parameters
    ----------
    climate, vegetation, geography, towers : Path
        Inputs of the stage.
    grid : Grid
        Target grid.
    settings : DriverSettings
        Settings of the drivers.

    Returns
    -------
    Dataset, dims (record, driver)
        Records as from `tower_records`.
    """
    land, tower = read_interim(geography), read_interim(towers)
    row = nearest_cells(land.cell.values, grid, tower.lat.values, tower.lon.values)
    with open_interim(climate) as store:
        local = tower_weather(tower, store.isel(cell=np.unique(row)).load(), grid)
    with open_interim(vegetation) as store:
        near = patches_near(tower, patches_in(store), grid)
        rows = np.unique(np.concatenate(near))
        observed = store.isel(patch=rows).load()
    of_towers = tower_drivers(
        local,
        [np.searchsorted(rows, positions) for positions in near],
        observed.patch_share.values,
        composites_of(observed, *settings.msc_years),
        settings,
        igbp=tower.igbp.values,
    )
    return tower_records(tower, of_towers, land.cell_region.values[row])


if __name__ == "__main__":
    run(main)
