"""The ten drivers of Upton et al., Table A2, from climate and satellite composites.

Eight come from mean seasonal cycles (MSC), two are daily. The same functions serve cells and
towers: a cell averages its patches by their shares, a tower takes the patch of its type.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.core.radiation import potential_radiation, potential_radiation_year
from fluxprod.core.time_axis import calendar_day
from fluxprod.drivers.seasonal_cycle import (
    daily_cycle,
    mean_seasonal_cycle,
    window_means,
)
from fluxprod.drivers.water_balance import Soil, net_radiation, water_balance

VEGETATION_WINDOW = 16  # d, MOD13C1 composites


class Composites(NamedTuple):
    """Composites of one satellite quantity.

    Parameters
    ----------
    values : ndarray, shape (patch, composite)
    time : DatetimeIndex, shape (composite,)
        Mid-window dates.
    """

    values: np.ndarray
    time: pd.DatetimeIndex

    def within(self, first_year: int, last_year: int) -> "Composites":
        """Keep the composites of these years."""
        keep = np.asarray((self.time.year >= first_year) & (self.time.year <= last_year))
        return Composites(self.values[:, keep], self.time[keep])


class Weather(NamedTuple):
    """Daily weather of cells or towers, gapless.

    Parameters
    ----------
    ta, sw_in, p : ndarray, shape (n, time)
        Air temperature [degC], incoming radiation [W m-2], precipitation [mm d-1].
    lat : ndarray, shape (n,)
        [degree_north]
    time : DatetimeIndex, shape (time,)
    """

    ta: np.ndarray
    sw_in: np.ndarray
    p: np.ndarray
    lat: np.ndarray
    time: pd.DatetimeIndex


def water_availability(
    weather: Weather, soil: Soil, *, spinup_years: int, spinup_loops: int
) -> np.ndarray:
    """WAI2: share of its capacity that the lower soil layer holds, shape (n, time) [1]."""
    potential = potential_radiation(weather.lat, np.asarray(weather.time.day_of_year))
    rn = net_radiation(weather.ta, weather.sw_in, potential)
    first = weather.time.year < weather.time.year[0] + spinup_years
    balance = water_balance(
        weather.p, weather.ta, rn, soil, spinup=int(first.sum()), loops=spinup_loops
    )
    return np.clip(balance.lower / soil.awc_lower, 0.0, 1.0)


def radiation_at_composites(weather: Weather, middle: pd.DatetimeIndex, kind: str) -> np.ndarray:
    """Incoming or potential radiation averaged over composite windows, (n, composite) [W m-2].

    Raises
    ------
    ValueError
        If ``kind`` is neither ``incoming`` nor ``potential``.
    """
    if kind == "incoming":
        daily = weather.sw_in
    elif kind == "potential":
        daily = potential_radiation(weather.lat, np.asarray(weather.time.day_of_year))
    else:
        raise ValueError(f"radiation {kind!r}, expected 'incoming' or 'potential'")
    return window_means(daily, weather.time, middle, VEGETATION_WINDOW)


def radiation_cycle(weather: Weather, kind: str) -> np.ndarray:
    """Potential radiation, or the mean seasonal cycle of incoming, shape (n, 366) [W m-2]."""
    if kind == "potential":
        return potential_radiation_year(weather.lat)
    return daily_cycle(weather.sw_in, calendar_day(weather.time))


def seasonal_drivers(
    composites: dict[str, Composites],
    radiation: np.ndarray,
    radiation_cycles: np.ndarray,
) -> dict[str, np.ndarray]:
    """Drivers on calendar days, by patch.

    Parameters
    ----------
    composites : dict of Composites
        ``EVI``, ``NDVI``, ``FPAR``, ``LST_DAY``, ``LST_NIGHT``; fAPAR and LST on one axis.
    radiation : ndarray, shape (patch, composite)
        On the axis of EVI [W m-2].
    radiation_cycles : ndarray, shape (patch, 366)
        That multiplies MSC(NDVI) [W m-2].

    Returns
    -------
    dict of ndarray, shape (patch, 366)
    """
    evi, ndvi, fpar, lst = (composites[name] for name in ("EVI", "NDVI", "FPAR", "LST_DAY"))
    if not fpar.time.equals(lst.time):
        raise ValueError("fAPAR and LST composites differ in time: their product has no meaning")
    night = composites["LST_NIGHT"]
    return {
        "MSC_EVIRpot": mean_seasonal_cycle(evi.values * radiation, evi.time),
        "MSC_FparLST": mean_seasonal_cycle(fpar.values * lst.values, fpar.time),
        "MSC_LST_Night": mean_seasonal_cycle(night.values, night.time),
        "Rg_VIMSC": mean_seasonal_cycle(ndvi.values, ndvi.time) * radiation_cycles,
    }


def static_drivers(composites: dict[str, Composites]) -> dict[str, np.ndarray]:
    """Minima and amplitudes of mean seasonal cycles, by patch, each of shape (patch,)."""
    ndwi, band4, ndvi = (
        mean_seasonal_cycle(*composites[name]) for name in ("NDWI", "BAND4", "NDVI")
    )
    return {
        "MIN_MSC_NDWI": ndwi.min(axis=1),
        "AMP_Band4": amplitude(band4),
        "AMP_MSC_NDVI": amplitude(ndvi),
    }


def amplitude(cycle: np.ndarray) -> np.ndarray:
    """Maximum less minimum of each cycle."""
    return cycle.max(axis=1) - cycle.min(axis=1)
