"""Average daily temperature, radiation and precipitation from ERA5 over the land cells."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.tasks import map_tasks
from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, Regridder
from fluxprod.core.time_axis import daily_axis
from fluxprod.core.variables import VARIABLES
from fluxprod.core.world import World
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.series import Era5Series, era5_series
from fluxprod.readers.era5.settings import ClimateSettings
from fluxprod.readers.interim import read_interim
from fluxprod.stages._run import run
from fluxprod.writers.climate_store import create_climate_store, day_blocks, write_climate_block

QUANTITIES = ("TA", "SW_IN", "P")


class DayBlock(NamedTuple):
    """One variable over the days of one shard.

    Parameters
    ----------
    store : Path
        Climate store, to which the block is written.
    series : Era5Series
        Days of the shard, preceded by the day before it if there is one.
    start : int
        First day of the shard, counted from the first day of the store [d].
    geography : Path
        File that lists the land cells.
    grid : Grid
        Target grid.
    min_coverage : float
        Share of a cell that ERA5 must cover [1].
    """

    store: Path
    series: Era5Series
    start: int
    geography: Path
    grid: Grid
    min_coverage: float


def main(
    *,
    era5: Path,
    geography: Path,
    climate: Path,
    world: World,
    params: ClimateSettings,
    compute: ComputeSettings,
) -> None:
    era5, geography = era5.absolute(), geography.absolute()
    grid = Grid(world.resolution)
    time = daily_axis(world.first_year, world.last_year)
    series = {name: era5_series(era5, name, time) for name in QUANTITIES}
    with atomic_output(climate) as store:
        create_climate_store(store, QUANTITIES, land_cells_of(geography), time)
        blocks = [
            DayBlock(
                store.absolute(),
                series[name].part(max(days.start - 1, 0), days.stop),
                days.start,
                geography,
                grid,
                params.min_coverage,
            )
            for name in QUANTITIES
            for days in day_blocks(len(time))
        ]
        files = era5, geography, store.absolute()
        for _ in map_tasks(fill_block, blocks, compute, description="climate", files=files):
            pass


def land_cells_of(geography: Path) -> np.ndarray:
    """Read the flat index of each land cell, shape (cell,)."""
    return np.asarray(read_interim(geography).cell.values)


def fill_block(block: DayBlock) -> None:
    """Read, average onto land cells and write one shard."""
    values = _on_land(block)
    incomplete = int(np.isnan(values).any(axis=1).sum())
    if incomplete:
        found = f"{incomplete} land cells without data"
        raise DataError(
            block.series.folder, block.series.variable, found, "data in every land cell"
        )
    write_climate_block(block.store, block.series.variable, block.start, values)


def _on_land(block: DayBlock) -> np.ndarray:
    """Average ERA5 over the land cells, shape (cell, time)."""
    skip = 1 if block.start else 0
    days, cell = len(block.series.days) - skip, land_cells_of(block.geography)
    values = np.empty((len(cell), days), np.float32)
    average: Regridder | None = None
    for column, field in enumerate(era5_days(block.series, skip)):
        lat, lon = field.lat.values, field.lon.values
        if average is None or not average.fits(lat, lon):
            average = Regridder(lat, lon, block.grid, min_coverage=block.min_coverage)
        land = average(field.values).reshape(-1)[cell]
        values[:, column] = _within_valid_range(land, block.series)
    return values


def _within_valid_range(values: np.ndarray, series: Era5Series) -> np.ndarray:
    """Clip values to the valid range, which packing may exceed by less than one step."""
    variable = VARIABLES[series.variable]
    low, high = variable.valid
    least, most = np.fmin.reduce(values), np.fmax.reduce(values)
    if least < low - variable.step or most > high + variable.step:
        found = f"{least:g} to {most:g} {variable.units}"
        raise DataError(series.folder, series.variable, found, f"{low:g} to {high:g}")
    return np.asarray(np.clip(values, low, high))


if __name__ == "__main__":
    run(main)
