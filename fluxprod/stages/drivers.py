"""The ten drivers of Table A2: for every land cell, and for every tower day with NEE."""

from pathlib import Path

import pandas as pd

from fluxprod.drivers.cells import cell_drivers
from fluxprod.drivers.recipe import Recipe
from fluxprod.drivers.table_a2 import Weather
from fluxprod.drivers.tower_records import (
    left_out,
    nearest_cells,
    tower_drivers,
    tower_records,
    tower_weather,
)
from fluxprod.drivers.vegetation_store import composites_of, patches_in
from fluxprod.drivers.water_balance import Soil
from fluxprod.grid import Grid
from fluxprod.params import Drivers, World
from fluxprod.readers.interim import read_interim
from fluxprod.stages._run import run
from fluxprod.writers.interim import write_interim


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
) -> None:
    grid = Grid(world.resolution)
    recipe = driver_recipe(params)
    land, weather_store = read_interim(geography), read_interim(climate)
    store, tower = read_interim(vegetation), read_interim(towers)
    patches, composites = patches_in(store), composites_of(store, *recipe.msc_years)
    cell = land.cell.values
    ta, sw_in, p = (weather_store[name].values.astype(float) for name in ("TA", "SW_IN", "P"))
    time = pd.DatetimeIndex(weather_store.time.values)
    weather = Weather(ta, sw_in, p, land.cell_lat.values, time)
    of_cells = cell_drivers(weather, cell, patches, composites, recipe)
    for name in ("cell_lat", "cell_lon", "cell_region", "land_area"):
        of_cells[name] = land[name]
    write_interim(of_cells, drivers)

    local = tower_weather(tower, weather_store, grid)
    of_towers = tower_drivers(tower, local, patches, composites, grid, recipe)
    row = nearest_cells(cell, grid, tower.lat.values, tower.lon.values)
    records = tower_records(tower, of_towers, land.cell_region.values[row])
    if names := left_out(records):
        print(f"drivers: no satellite values near {', '.join(names)}: left out", flush=True)
    write_interim(records, sites)


def driver_recipe(params: Drivers) -> Recipe:
    """How ``params.yaml`` says that drivers are made."""
    return Recipe(
        soil=Soil(params.awc_upper, params.awc_lower, params.theta, params.alpha),
        spinup_loops=params.spinup_loops,
        evi_radiation=params.evi_radiation,
        ndvi_radiation=params.ndvi_radiation,
        msc_years=(params.msc_first_year, params.msc_last_year),
    )


if __name__ == "__main__":
    run(main)
