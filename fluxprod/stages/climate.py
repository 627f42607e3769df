"""Daily temperature, radiation and precipitation of the land cells, from ERA5."""

from pathlib import Path

import numpy as np
import xarray as xr
from rich.progress import track

from fluxprod.errors import DataError
from fluxprod.grid import Grid, regrid
from fluxprod.params import Climate, World
from fluxprod.readers.era5 import read_era5_daily
from fluxprod.readers.interim import read_interim
from fluxprod.stages._run import run
from fluxprod.time_axis import daily_axis
from fluxprod.variables import VARIABLES
from fluxprod.writers.interim import write_interim

QUANTITIES = ("TA", "SW_IN", "P")


def main(*, era5: Path, geography: Path, climate: Path, world: World, params: Climate) -> None:
    cell = read_interim(geography).cell
    grid = Grid(world.resolution)
    time = daily_axis(world.first_year, world.last_year)
    steps = [(name, year) for name in QUANTITIES for year in world.years]
    values = {name: np.empty((len(cell), len(time)), np.float32) for name in QUANTITIES}
    for name, year in track(steps, description="climate"):
        field = regrid(read_era5_daily(era5, name, [year]), grid, min_coverage=params.min_coverage)
        land = field.values.reshape(field.sizes["time"], -1)[:, cell.values].T
        values[name][:, time.year == year] = _possible(land, name, era5)
    for name in QUANTITIES:
        if np.isnan(values[name]).any():
            bare = int(np.isnan(values[name]).any(axis=1).sum())
            raise DataError(era5, name, f"{bare} land cells without data", "every land cell")
    write_interim(
        xr.Dataset(
            {name: (("cell", "time"), values[name]) for name in QUANTITIES},
            coords={"cell": cell.values, "time": time},
        ),
        climate,
    )


def _possible(values: np.ndarray, name: str, source: Path) -> np.ndarray:
    """Values within the physical range; packing leaves them below zero by less than a step."""
    low, high = VARIABLES[name].valid
    step = VARIABLES[name].step
    if np.nanmin(values) < low - step or np.nanmax(values) > high + step:
        found = f"{np.nanmin(values):g} to {np.nanmax(values):g} {VARIABLES[name].units}"
        raise DataError(source, name, found, f"{low:g} to {high:g}")
    return np.clip(values, low, high)


if __name__ == "__main__":
    run(main)
