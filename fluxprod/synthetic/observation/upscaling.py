"""A product in the manner of FLUXCOM: another model, too much sink, too little variability."""

import numpy as np

from fluxprod.core.time_axis import CALENDAR_DAYS, calendar_day
from fluxprod.core.units import DAYS_PER_YEAR, PG, watts_to_megajoules_per_day
from fluxprod.synthetic.earth.ecosystem import PAR_SHARE, PERIODS_A_YEAR
from fluxprod.synthetic.earth.history import composite_period
from fluxprod.synthetic.earth.land import Land
from fluxprod.synthetic.earth.weather import EarthWeather

GLOBAL_GPP = 120.0  # Pg yr-1: products of this kind lie below the truth of this Earth
SINK, TROPICAL_SINK = 0.04, 0.14  # share of GPP kept anywhere, and further where it is always warm
DAMPING = 0.35  # of departures from the mean seasonal cycle [1]
OPTIMUM, WIDTH, Q10 = 22.0, 15.0, 1.4  # [degC], [K], [1]: one for all biomes
PLANT_SHARE = 0.5  # of respiration that follows greenness [1]


def upscaled_nee(land: Land, weather: EarthWeather, fapar: np.ndarray) -> np.ndarray:
    """NEE of the product, (time, cell) [g m-2 d-1 of land].

    It shares the weather and the greenness with the truth, not its law: one light-use efficiency
    and one temperature response for all biomes, no soil water beyond what greenness tells.

    Parameters
    ----------
    fapar : ndarray, (period, patch)
        Absorbed fraction of PAR in periods of 8 days [1].
    """
    green = land.cell_mean(fapar)
    season = green.reshape(-1, PERIODS_A_YEAR, green.shape[1]).mean(axis=0)
    green = season[composite_period(weather.time) % PERIODS_A_YEAR]
    light = watts_to_megajoules_per_day(_damped(weather.SW_IN, weather))
    air = _damped(weather.TA, weather)
    gpp = green * PAR_SHARE * light * np.exp(-(((air - OPTIMUM) / WIDTH) ** 2))
    mean = gpp.mean(axis=0)
    scale = GLOBAL_GPP * PG / DAYS_PER_YEAR / (mean * land.land_area).sum()
    respiration = Q10 ** (air / 10.0) * (
        1.0 - PLANT_SHARE + PLANT_SHARE * green / season.mean(axis=0)
    )
    warm = np.clip(weather.TA.mean(axis=0) - 17.0, 0.0, 8.0) / 8.0
    kept = SINK + TROPICAL_SINK * warm
    respiration *= (1.0 - kept) * mean / respiration.mean(axis=0)
    return scale * (respiration - gpp)


def _damped(field: np.ndarray, weather: EarthWeather) -> np.ndarray:
    """Pull a daily field (time, cell) toward its mean of each calendar day."""
    day = calendar_day(weather.time) - 1
    order = np.argsort(day, kind="stable")
    start = np.searchsorted(day[order], np.arange(CALENDAR_DAYS))
    present = np.bincount(day, minlength=CALENDAR_DAYS)
    # A world without a leap year has no 29 February: that row is never read.
    start = start[present > 0]
    row = np.cumsum(present > 0) - 1
    mean = np.add.reduceat(field[order], start) / present[present > 0][:, None]
    normal = mean[row[day]]
    return normal + DAMPING * (field - normal)
