"""Average daily weather from ERA5 over the land cells.

These are temperature, radiation and precipitation and, if the folder has the dewpoint, the vapour
pressure deficit. The deficit is computed in the cells of ERA5, and then averaged: vapour pressures
mix in proportion to area, while the deficit at a mean temperature would be too low.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.tasks import map_tasks
from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, Regridder
from fluxprod.core.time_axis import daily_axis
from fluxprod.core.variables import VARIABLES
from fluxprod.core.world import World
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.series import (
    Era5Series,
    era5_series,
    files_of_day,
    optional_era5_series,
)
from fluxprod.readers.era5.settings import ClimateSettings
from fluxprod.readers.era5.vapour_deficit import vapour_deficit_days
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
    name : str
        Variable of the store.
    series : tuple of Era5Series
        That of the variable; for ``VPD``, those of ``TA`` and ``TD``. Days of the shard, preceded
        by the day before it if there is one.
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
    name: str
    series: tuple[Era5Series, ...]
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
    series = series_by_variable(era5, time)
    with atomic_output(climate) as store:
        create_climate_store(store, tuple(series), land_cells_of(geography), time)
        blocks = [
            DayBlock(
                store.absolute(),
                name,
                tuple(each.part(max(days.start - 1, 0), days.stop) for each in sources),
                days.start,
                geography,
                grid,
                params.min_coverage,
            )
            for name, sources in series.items()
            for days in day_blocks(len(time))
        ]
        files = era5, geography, store.absolute()
        for _ in map_tasks(fill_block, blocks, compute, description="climate", files=files):
            pass


def series_by_variable(era5: Path, time: pd.DatetimeIndex) -> dict[str, tuple[Era5Series, ...]]:
    """Find the files of each variable of the store; ``VPD`` only if there is any dewpoint."""
    series: dict[str, tuple[Era5Series, ...]]
    series = {name: (era5_series(era5, name, time),) for name in QUANTITIES}
    if dewpoint := optional_era5_series(era5, "TD", time):
        series["VPD"] = (*series["TA"], dewpoint)
    return series


def land_cells_of(geography: Path) -> np.ndarray:
    """Read the flat index of each land cell, shape (cell,)."""
    return np.asarray(read_interim(geography).cell.values)


def fill_block(block: DayBlock) -> None:
    """Read, average onto land cells and write one shard."""
    values = _on_land(block)
    if (absent := np.isnan(values)).any():
        raise _incomplete(block, absent)
    write_climate_block(block.store, block.name, block.start, values)


def _on_land(block: DayBlock) -> np.ndarray:
    """Average ERA5 over the land cells, shape (cell, time)."""
    skip, cell = _days_before(block), land_cells_of(block.geography)
    values = np.empty((len(cell), len(block.series[0].days) - skip), np.float32)
    average: Regridder | None = None
    for column, field in enumerate(_maps(block, skip)):
        lat, lon = field.lat.values, field.lon.values
        if average is None or not average.fits(lat, lon):
            average = Regridder(lat, lon, block.grid, min_coverage=block.min_coverage)
        land = average(field.values).reshape(-1)[cell]
        values[:, column] = _within_valid_range(land, block, cell, skip + column)
    return values


def _maps(block: DayBlock, start: int) -> Iterator[xr.DataArray]:
    """Maps of the days on the grid of ERA5."""
    if block.name == "VPD":
        air, dewpoint = block.series
        return vapour_deficit_days(air, dewpoint, start)
    (series,) = block.series
    return era5_days(series, start)


def _days_before(block: DayBlock) -> int:
    """Days of the series that precede the shard."""
    return 1 if block.start else 0


def _within_valid_range(
    values: np.ndarray, block: DayBlock, cell: np.ndarray, position: int
) -> np.ndarray:
    """Clip the values of a day to the valid range, which packing may exceed by less than one step.

    Raises
    ------
    DataError
        If a value lies further outside; it names the files of the day, and the cell.
    """
    variable = VARIABLES[block.name]
    low, high = variable.valid
    within = np.asarray(np.clip(values, low, high))
    beyond = np.nan_to_num(np.abs(values - within))
    if beyond.max() > variable.step:
        worst = int(beyond.argmax())
        found = f"{values[worst]:g} {variable.units}{_place_and_day(block, cell[worst], position)}"
        expected = f"{low:g} to {high:g} {variable.units}"
        raise DataError(files_of_day(block.series, position), block.name, found, expected)
    return within


def _incomplete(block: DayBlock, absent: np.ndarray) -> DataError:
    """Describe land cells without data, given by an array of shape (cell, time)."""
    column = int(absent.any(axis=0).argmax())
    position, row = column + _days_before(block), int(absent[:, column].argmax())
    first = _place_and_day(block, land_cells_of(block.geography)[row], position)
    found = f"{int(absent.any(axis=1).sum())} land cells without data"
    return DataError(
        files_of_day(block.series, position), block.name, found, "data in every land cell",
        f"the first is{first}",
    )  # fmt: skip


def _place_and_day(block: DayBlock, cell: np.ndarray, position: int) -> str:
    lat, lon = block.grid.lat_lon_of(cell)
    return f" in the cell at {lat:g} N, {lon:g} E on {block.series[0].days[position]}"


if __name__ == "__main__":
    run(main)
