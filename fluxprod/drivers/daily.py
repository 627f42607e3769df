"""Daily drivers beyond Table A2: the weather of the day, its memory, and light use.

Light-use models make carbon uptake proportional to the light that leaves absorb, fAPAR times
radiation (Monteith 1972, doi:10.2307/2401901). Radiation and vapour pressure deficit are inputs of
FLUXCOM-X (Nelson, Walther et al. 2024, doi:10.5194/bg-21-5079-2024); Besnard et al. (2019,
doi:10.1371/journal.pone.0211510) study what past weather adds. The same functions serve cells and
towers.
"""

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import calendar_day
from fluxprod.drivers.seasonal_cycle import mean_seasonal_cycle
from fluxprod.drivers.table_a2 import Composites, Weather

MEMORIES = (7, 30)  # d
INDICES = ("FPAR", "NDVI", "EVI")  # by which light-use models multiply radiation


def trailing_mean(values: np.ndarray, days: int) -> np.ndarray:
    """Average each day and the days before it.

    Parameters
    ----------
    values : ndarray, shape (n, time)
        Daily series without gaps, in any unit.
    days : int
        Length of the window, which ends with the day itself [d]. At the start of a series, the mean
        is that of the days there are.

    Returns
    -------
    ndarray of float64, shape (n, time)
        Means in the unit of ``values``.
    """
    running = np.cumsum(values, axis=1, dtype=np.float64)
    total = running.copy()
    total[:, days:] -= running[:, :-days]
    count = np.minimum(np.arange(1, values.shape[1] + 1), days)
    means: np.ndarray = total / count
    return means


def weather_of_the_day(weather: Weather) -> dict[str, np.ndarray]:
    """Select the weather that is itself a driver.

    Parameters
    ----------
    weather : Weather, of shape (n, time)
        Daily weather of cells or towers.

    Returns
    -------
    dict of ndarray, shape (n, time)
        ``SW_IN`` [W m-2], ``P`` [mm d-1] and, if the weather has it, ``VPD`` [hPa].
    """
    columns = {"SW_IN": weather.sw_in, "P": weather.p}
    return columns if weather.vpd is None else columns | {"VPD": weather.vpd}


def memories(weather: Weather) -> dict[str, np.ndarray]:
    """Average the weather of the last 7 and 30 days; see `trailing_mean`.

    Parameters
    ----------
    weather : Weather, of shape (n, time)
        Daily weather of cells or towers.

    Returns
    -------
    dict of ndarray, shape (n, time)
        ``SW_IN_7``, ``SW_IN_30``, ``P_7``, ``P_30`` and, if the weather has it, ``VPD_7`` and
        ``VPD_30``, in the units of `weather_of_the_day`.
    """
    return {
        f"{name}_{days}": trailing_mean(values, days)
        for name, values in weather_of_the_day(weather).items()
        for days in MEMORIES
    }


def vegetation_cycles(composites: dict[str, Composites]) -> dict[str, np.ndarray]:
    """Compute the mean seasonal cycles of fAPAR, NDVI and EVI, each (patch, 366) [1]."""
    return {name: mean_seasonal_cycle(*composites[name]) for name in INDICES}


def light_use(
    cycles: dict[str, np.ndarray], sw_in: np.ndarray, time: pd.DatetimeIndex
) -> dict[str, np.ndarray]:
    """Multiply mean seasonal cycles of vegetation by the radiation of each day.

    Parameters
    ----------
    cycles : dict of ndarray, shape (n, 366)
        Mean seasonal cycles of ``FPAR``, ``NDVI`` and ``EVI`` by calendar day [1]; those of a cell
        are averaged over its patches before they are multiplied.
    sw_in : ndarray, shape (n, time)
        Incoming radiation [W m-2].
    time : DatetimeIndex, shape (time,)
        Days of ``sw_in``.

    Returns
    -------
    dict of ndarray
        ``FPAR_SW_IN``, ``NDVI_SW_IN``, ``EVI_SW_IN``, shape (n, time) [W m-2]; and ``MSC_FPAR``,
        shape (n, 366) [1].
    """
    day = calendar_day(time) - 1
    products = {f"{name}_SW_IN": cycles[name][:, day] * sw_in for name in INDICES}
    return products | {"MSC_FPAR": cycles["FPAR"]}
