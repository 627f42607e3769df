"""The ten drivers of land cells."""

import numpy as np
import xarray as xr

from fluxprod.drivers.patches import Patches, to_cells
from fluxprod.drivers.recipe import YEARS_AT, Recipe
from fluxprod.drivers.seasonal_cycle import daily_cycle
from fluxprod.drivers.table_a2 import (
    Composites,
    Weather,
    amplitude,
    radiation_at_composites,
    radiation_cycle,
    seasonal_drivers,
    static_drivers,
    water_availability,
)
from fluxprod.errors import DataError
from fluxprod.time_axis import CALENDAR_DAYS, calendar_day
from fluxprod.variables import DAILY_DRIVERS, SEASONAL_DRIVERS, STATIC_DRIVERS

DIMS: dict[str, tuple[str, ...]] = {
    **{name: ("cell", "time") for name in DAILY_DRIVERS},
    **{name: ("cell", "calendar_day") for name in SEASONAL_DRIVERS},
    **{name: ("cell",) for name in STATIC_DRIVERS},
}


def cell_drivers(
    weather: Weather,
    cell: np.ndarray,
    patches: Patches,
    composites: dict[str, Composites],
    recipe: Recipe,
) -> xr.Dataset:
    """Drivers of land cells, reconstructed from their patches by share.

    Parameters
    ----------
    weather : Weather, of shape (cell, time)
    cell : ndarray of int, shape (cell,)
        Flat indices, rising.
    patches : Patches
        Of these cells.
    composites : dict of Composites, of shape (patch, composite)
    recipe : Recipe

    Returns
    -------
    Dataset
        Two drivers (cell, time), four (cell, calendar_day), four (cell,).
    """
    row = np.searchsorted(cell, patches.cell)
    by_cell = weather_of_years(weather, *recipe.msc_years)
    radiation = radiation_at_composites(by_cell, composites["EVI"].time, recipe.evi_radiation)
    cycles = radiation_cycle(by_cell, recipe.ndvi_radiation)
    by_patch = {
        **seasonal_drivers(composites, radiation[row], cycles[row]),
        **static_drivers(composites),
    }
    wai = water_availability(
        weather, recipe.soil, spinup_years=recipe.spinup_years, spinup_loops=recipe.spinup_loops
    )
    columns = {name: to_cells(values, patches, cell) for name, values in by_patch.items()}
    columns |= {"WAI2": wai, "Tair": weather.ta, "AMP_MSC_WAI": wai_amplitude(wai, weather, recipe)}
    return as_dataset(columns, "cell", weather).assign_coords(cell=cell)


def weather_of_years(weather: Weather, first_year: int, last_year: int) -> Weather:
    """Weather of the years of the mean seasonal cycles, as far as the data reach.

    Raises
    ------
    DataError
        If they do not reach there.
    """
    keep = np.asarray((weather.time.year >= first_year) & (weather.time.year <= last_year))
    if not keep.any():
        raise DataError(*YEARS_AT, f"no weather in {first_year} to {last_year}", "years of the run")
    return weather._replace(
        ta=weather.ta[:, keep],
        sw_in=weather.sw_in[:, keep],
        p=weather.p[:, keep],
        time=weather.time[keep],
    )


def wai_amplitude(wai: np.ndarray, weather: Weather, recipe: Recipe) -> np.ndarray:
    """Amplitude of the mean seasonal cycle of WAI2, shape (n,) [1]."""
    first, last = recipe.msc_years
    keep = np.asarray((weather.time.year >= first) & (weather.time.year <= last))
    return amplitude(daily_cycle(wai[:, keep], calendar_day(weather.time[keep])))


def as_dataset(columns: dict[str, np.ndarray], dim: str, weather: Weather) -> xr.Dataset:
    """Label driver arrays: (n, time), (n, 366) or (n,)."""
    dims = {
        len(weather.time): (dim, "time"),
        CALENDAR_DAYS: (dim, "calendar_day"),
    }
    variables = {
        name: (dims[values.shape[1]] if values.ndim == 2 else (dim,), values)
        for name, values in columns.items()
    }
    return xr.Dataset(
        variables, coords={"time": weather.time, "calendar_day": np.arange(1, CALENDAR_DAYS + 1)}
    )
