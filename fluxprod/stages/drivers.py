"""The drivers of every land cell, and of every tower day with NEE."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.compute.tasks import each
from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import CALENDAR_DAYS
from fluxprod.core.variables import driver_names
from fluxprod.drivers.cells import DIMS, cell_drivers
from fluxprod.drivers.settings import Recipe
from fluxprod.drivers.table_a2 import Weather
from fluxprod.drivers.tower_records import (
    left_out,
    nearest_cells,
    patches_near,
    tower_drivers,
    tower_records,
    tower_weather,
)
from fluxprod.drivers.vegetation_store import composites_of, patch_rows, patches_in
from fluxprod.drivers.water_balance import Soil
from fluxprod.params import Compute, Drivers, World
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._run import run
from fluxprod.writers.driver_store import CHUNK, create_driver_store, shards, write_driver_shard
from fluxprod.writers.interim import write_interim


class Shard(NamedTuple):
    """What a worker needs to make the drivers of one shard of cells."""

    climate: Path
    vegetation: Path
    geography: Path
    store: Path
    cells: slice
    recipe: Recipe


def main(
    *,
    climate: Path,
    vegetation: Path,
    geography: Path,
    towers: Path,
    drivers: Path,
    sites: Path,
    world: World,
    params: Drivers,
    compute: Compute,
) -> None:
    recipe = driver_recipe(params)
    facts = store_coordinates(geography, climate)
    records = site_records(climate, vegetation, geography, towers, Grid(world.resolution), recipe)
    if names := left_out(records):
        print(f"drivers: no satellite values near {', '.join(names)}: left out", flush=True)
    sources = climate.absolute(), vegetation.absolute(), geography.absolute()
    with atomic_output(drivers) as store:
        made = {name: DIMS[name] for name in driver_names(anomalies=params.anomalies)}
        create_driver_store(store, facts, made)
        tasks = [
            Shard(*sources, store.absolute(), cells, recipe)
            for cells in shards(facts.sizes["cell"])
        ]
        files = *sources, store.absolute()
        for _ in each(write_shard, tasks, compute, description="drivers", files=files):
            pass
    write_interim(records, sites)


def store_coordinates(geography: Path, climate: Path) -> xr.Dataset:
    """Axes of the store, and where each cell is.

    Raises
    ------
    DataError
        If the climate is of other cells.
    """
    land = read_interim(geography)
    facts = land[["cell_lat", "cell_lon", "cell_region", "land_area"]]
    with open_interim(climate) as weather:
        time = weather.time.load()
    if not np.array_equal(weather.cell, land.cell):
        raise DataError(
            climate, "cell", "other cells", f"those of {geography.name}", "run dvc repro"
        )
    return facts.assign_coords(time=time, calendar_day=np.arange(1, CALENDAR_DAYS + 1))


def write_shard(shard: Shard) -> None:
    """Make and write the drivers of one shard, a few cells at a time."""
    lat = cell_lat(shard.geography)
    starts = range(shard.cells.start, shard.cells.stop, CHUNK)
    parts = [slice(start, min(start + CHUNK, shard.cells.stop)) for start in starts]
    made = [drivers_of(shard, cells, lat[cells]) for cells in parts]
    write_driver_shard(shard.store, shard.cells, xr.concat(made, "cell", data_vars="minimal"))


def drivers_of(shard: Shard, cells: slice, lat: xr.DataArray) -> xr.Dataset:
    """Drivers of consecutive land cells, whose latitudes are given by ``cell``."""
    cell = lat.cell.values
    with open_interim(shard.climate) as store:
        weather = weather_of(store.isel(cell=cells).load(), lat.values)
    with open_interim(shard.vegetation) as store:
        part = store.isel(patch=patch_rows(store.patch_cell.values, cell)).load()
    composites = composites_of(part, *shard.recipe.msc_years)
    return cell_drivers(weather, cell, patches_in(part), composites, shard.recipe)


def cell_lat(geography: Path) -> xr.DataArray:
    """Latitude of each land cell."""
    with open_interim(geography) as land:
        return land.cell_lat.load()


def weather_of(store: xr.Dataset, lat: np.ndarray) -> Weather:
    """Weather of the cells of a climate store, in float64."""
    ta, sw_in, p = (store[name].values.astype(float) for name in ("TA", "SW_IN", "P"))
    return Weather(ta, sw_in, p, lat, pd.DatetimeIndex(store.time.values))


def site_records(
    climate: Path, vegetation: Path, geography: Path, towers: Path, grid: Grid, recipe: Recipe
) -> xr.Dataset:
    """Site-days with NEE and drivers; only the cells and patches near towers are read."""
    land, tower = read_interim(geography), read_interim(towers)
    row = nearest_cells(land.cell.values, grid, tower.lat.values, tower.lon.values)
    with open_interim(climate) as store:
        local = tower_weather(tower, store.isel(cell=np.unique(row)).load(), grid)
    with open_interim(vegetation) as store:
        near = patches_near(tower, patches_in(store), grid)
        rows = np.unique(np.concatenate(near))
        seen = store.isel(patch=rows).load()
    of_towers = tower_drivers(
        local,
        [np.searchsorted(rows, positions) for positions in near],
        seen.patch_share.values,
        composites_of(seen, *recipe.msc_years),
        recipe,
    )
    return tower_records(tower, of_towers, land.cell_region.values[row])


def driver_recipe(params: Drivers) -> Recipe:
    """How ``params.yaml`` says that drivers are made."""
    return Recipe(
        soil=Soil(params.awc_upper, params.awc_lower, params.theta, params.alpha),
        spinup_loops=params.spinup_loops,
        evi_radiation=params.evi_radiation,
        ndvi_radiation=params.ndvi_radiation,
        msc_years=(params.msc_first_year, params.msc_last_year),
        anomalies=params.anomalies,
    )


if __name__ == "__main__":
    run(main)
