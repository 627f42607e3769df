"""The ten drivers of Table A2 of Upton et al., from climate and satellite composites.

Eight of them come from mean seasonal cycles (MSC), and two are daily. The same functions serve
cells, whose values are averages over their patches, and towers, which take the patch of their type.
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
from fluxprod.drivers.settings import SoilSettings
from fluxprod.drivers.water_balance import net_radiation, water_balance

VEGETATION_WINDOW = 16  # d, MOD13C1 composites

SPINUP_YEARS = 2  # first years, repeated until the water stores reach equilibrium


class Composites(NamedTuple):
    """Composites of one satellite quantity.

    Parameters
    ----------
    values : ndarray, shape (patch, composite)
        Composites by patch, NaN where missing.
    time : DatetimeIndex, shape (composite,)
        Mid-window dates.
    """

    values: np.ndarray
    time: pd.DatetimeIndex

    def within(self, first_year: int, last_year: int) -> "Composites":
        """Select the composites of some years."""
        keep = np.asarray((self.time.year >= first_year) & (self.time.year <= last_year))
        return Composites(self.values[:, keep], self.time[keep])


class Weather(NamedTuple):
    """Daily weather of cells or towers, without gaps.

    Parameters
    ----------
    ta, sw_in, p : ndarray, shape (n, time)
        Air temperature [degC], incoming radiation [W m-2], precipitation [mm d-1].
    lat : ndarray, shape (n,)
        Latitude [degree_north].
    time : DatetimeIndex, shape (time,)
        Consecutive days.
    vpd : ndarray, shape (n, time), optional
        Vapour pressure deficit [hPa]; None if the climate has none.
    """

    ta: np.ndarray
    sw_in: np.ndarray
    p: np.ndarray
    lat: np.ndarray
    time: pd.DatetimeIndex
    vpd: np.ndarray | None = None


def soil_filling(
    weather: Weather, soil: SoilSettings, *, spinup_loops: int
) -> tuple[np.ndarray, np.ndarray]:
    """Compute WAI1 and WAI2, the relative filling of the two soil layers, each (n, time) [1]."""
    potential = potential_radiation(weather.lat, np.asarray(weather.time.day_of_year))
    rn = net_radiation(weather.ta, weather.sw_in, potential)
    first = weather.time.year < weather.time.year[0] + SPINUP_YEARS
    balance = water_balance(
        weather.p, weather.ta, rn, soil, spinup=int(first.sum()), loops=spinup_loops
    )
    upper, lower = balance.upper / soil.awc_upper, balance.lower / soil.awc_lower
    return np.clip(upper, 0.0, 1.0), np.clip(lower, 0.0, 1.0)


def water_availability(weather: Weather, soil: SoilSettings, *, spinup_loops: int) -> np.ndarray:
    """Compute WAI2, the relative filling of the lower soil layer, shape (n, time) [1]."""
    return soil_filling(weather, soil, spinup_loops=spinup_loops)[1]


def radiation_at_composites(weather: Weather, middle: pd.DatetimeIndex, kind: str) -> np.ndarray:
    """Average incoming or potential radiation over the windows of composites.

    Parameters
    ----------
    weather : Weather, of shape (n, time)
        Daily weather.
    middle : DatetimeIndex, shape (composite,)
        Mid-window dates of the composites.
    kind : str
        ``incoming`` or ``potential``.

    Returns
    -------
    ndarray, shape (n, composite)
        Radiation [W m-2].

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
    """Seasonal cycle of potential radiation, or mean one of incoming, shape (n, 366) [W m-2]."""
    if kind == "potential":
        return potential_radiation_year(weather.lat)
    return daily_cycle(weather.sw_in, calendar_day(weather.time))


def seasonal_drivers(
    composites: dict[str, Composites],
    radiation: np.ndarray,
    radiation_cycles: np.ndarray,
) -> dict[str, np.ndarray]:
    """Compute the drivers that vary by calendar day, for patches.

    Parameters
    ----------
    composites : dict of Composites
        ``EVI``, ``NDVI``, ``FPAR`` [1], ``LST_DAY``, ``LST_NIGHT`` [K]; fAPAR and LST share
        one time axis.
    radiation : ndarray, shape (patch, composite)
        Radiation by which EVI is multiplied, on the time axis of EVI [W m-2].
    radiation_cycles : ndarray, shape (patch, 366)
        Radiation by which MSC(NDVI) is multiplied [W m-2].

    Returns
    -------
    dict of ndarray, shape (patch, 366)
        Drivers by name, in the units of `VARIABLES`.

    Raises
    ------
    ValueError
        If fAPAR and LST are on different time axes.
    """
    evi, ndvi, fpar, lst = (composites[name] for name in ("EVI", "NDVI", "FPAR", "LST_DAY"))
    if not fpar.time.equals(lst.time):
        raise ValueError(
            "fAPAR and LST composites have different times, so their product has no meaning"
        )
    night = composites["LST_NIGHT"]
    return {
        "MSC_EVIRpot": mean_seasonal_cycle(evi.values * radiation, evi.time),
        "MSC_FparLST": mean_seasonal_cycle(fpar.values * lst.values, fpar.time),
        "MSC_LST_Night": mean_seasonal_cycle(night.values, night.time),
        "Rg_VIMSC": mean_seasonal_cycle(ndvi.values, ndvi.time) * radiation_cycles,
    }


def static_drivers(composites: dict[str, Composites]) -> dict[str, np.ndarray]:
    """Compute minima and amplitudes of mean seasonal cycles, each of shape (patch,)."""
    ndwi, band4, ndvi = (
        mean_seasonal_cycle(*composites[name]) for name in ("NDWI", "BAND4", "NDVI")
    )
    return {
        "MIN_MSC_NDWI": ndwi.min(axis=1),
        "AMP_Band4": amplitude(band4),
        "AMP_MSC_NDVI": amplitude(ndvi),
    }


def amplitude(cycle: np.ndarray) -> np.ndarray:
    """Subtract the minimum of each cycle from its maximum, (n, step) to (n,)."""
    difference: np.ndarray = cycle.max(axis=1) - cycle.min(axis=1)
    return difference
