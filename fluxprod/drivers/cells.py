"""The drivers of land cells."""

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.radiation import potential_radiation_year
from fluxprod.core.time_axis import CALENDAR_DAYS
from fluxprod.core.variables import DAILY_DRIVERS, SEASONAL_DRIVERS, STATIC_DRIVERS
from fluxprod.drivers.anomalies import running_anomaly
from fluxprod.drivers.daily import light_use, memories, vegetation_cycles, weather_of_the_day
from fluxprod.drivers.patches.cover import Patches, to_cells
from fluxprod.drivers.plant_types import cell_shares
from fluxprod.drivers.seasonal_cycle import cycle_of_years
from fluxprod.drivers.settings import YEARS_AT, DriverSettings
from fluxprod.drivers.table_a2 import (
    Composites,
    Weather,
    amplitude,
    radiation_at_composites,
    radiation_cycle,
    seasonal_drivers,
    soil_filling,
    static_drivers,
)

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
    settings: DriverSettings,
) -> xr.Dataset:
    """Compute the drivers of land cells, averaging satellite drivers over the patches of a cell.

    Parameters
    ----------
    weather : Weather, of shape (cell, time)
        Daily weather of the cells.
    cell : ndarray of int, shape (cell,)
        Flat indices of the cells, in ascending order.
    patches : Patches
        Patches of these cells.
    composites : dict of Composites, of shape (patch, composite)
        Satellite composites of the patches, by quantity.
    settings : DriverSettings
        Water balance, mean seasonal cycles and choices of Table A2.

    Returns
    -------
    Dataset
        Drivers with the dimensions given in `DIMS`.
    """
    row = np.searchsorted(cell, patches.cell)
    by_cell = weather_of_years(weather, *settings.msc_years)
    radiation = radiation_at_composites(by_cell, composites["EVI"].time, settings.evi_radiation)
    cycles = radiation_cycle(by_cell, settings.ndvi_radiation)
    by_patch = {
        **seasonal_drivers(composites, radiation[row], cycles[row]),
        **static_drivers(composites),
    }
    columns = {name: to_cells(values, patches, cell) for name, values in by_patch.items()}
    leaves = {
        name: to_cells(cycle, patches, cell)
        for name, cycle in vegetation_cycles(composites).items()
    }
    columns |= light_use(leaves, weather.sw_in, weather.time)
    columns |= cell_shares(patches, cell)
    columns |= weather_drivers(weather, settings)
    return drivers_dataset(columns, "cell", weather).assign_coords(cell=cell)


def weather_of_years(weather: Weather, first_year: int, last_year: int) -> Weather:
    """Select the weather of the years of the mean seasonal cycles, as far as the data reach.

    Parameters
    ----------
    weather : Weather, of shape (n, time)
        Daily weather of ``n`` cells or towers.
    first_year, last_year : int
        First and last year of the mean seasonal cycles.

    Returns
    -------
    Weather, of shape (n, day)
        Weather of the days in these years.

    Raises
    ------
    DataError
        If the data cover none of these years.
    """
    keep = np.asarray((weather.time.year >= first_year) & (weather.time.year <= last_year))
    if not keep.any():
        raise DataError(
            *YEARS_AT,
            f"no weather in {first_year} to {last_year}",
            "years within the period of the run",
        )
    return weather._replace(
        ta=weather.ta[:, keep],
        sw_in=weather.sw_in[:, keep],
        p=weather.p[:, keep],
        time=weather.time[keep],
        vpd=None if weather.vpd is None else weather.vpd[:, keep],
    )


def weather_drivers(weather: Weather, settings: DriverSettings) -> dict[str, np.ndarray]:
    """Compute the drivers of cells or towers that depend on their weather alone.

    Parameters
    ----------
    weather : Weather, of shape (n, time)
        Daily weather of ``n`` cells or towers.
    settings : DriverSettings
        Water balance, mean seasonal cycles and choices of Table A2.

    Returns
    -------
    dict of ndarray, shape (n, time), (n, 366) or (n,)
        ``WAI1``, ``WAI2`` [1], ``Tair`` [degC], ``AMP_MSC_WAI`` [1], ``SW_IN_POT`` [W m-2]; those
        of `weather_of_the_day` and `memories`; and, if the settings ask for anomalies,
        ``Tair_ANOM`` [K] and ``WAI2_ANOM`` [1].
    """
    ta, time = weather.ta, weather.time
    upper, wai = soil_filling(weather, settings, spinup_loops=settings.spinup_loops)
    wai_cycle = cycle_of_years(wai, time, *settings.msc_years)
    columns = {
        "WAI2": wai,
        "Tair": ta,
        "AMP_MSC_WAI": amplitude(wai_cycle),
        "WAI1": upper,
        "SW_IN_POT": potential_radiation_year(weather.lat),
        **weather_of_the_day(weather),
        **memories(weather),
    }
    if settings.anomalies:
        ta_cycle = cycle_of_years(ta, time, *settings.msc_years)
        columns |= {
            "Tair_ANOM": running_anomaly(ta, ta_cycle, time),
            "WAI2_ANOM": running_anomaly(wai, wai_cycle, time),
        }
    return columns


def drivers_dataset(columns: dict[str, np.ndarray], dim: str, weather: Weather) -> xr.Dataset:
    """Make a dataset of driver arrays.

    Parameters
    ----------
    columns : dict of ndarray, shape (n, time), (n, 366) or (n,)
        Drivers by name.
    dim : str
        Name of the first dimension, ``cell`` or ``site``.
    weather : Weather
        Weather, whose time axis the daily drivers have.
    """
    variables = {name: ((dim, *DIMS[name][1:]), values) for name, values in columns.items()}
    return xr.Dataset(
        variables, coords={"time": weather.time, "calendar_day": np.arange(1, CALENDAR_DAYS + 1)}
    )
