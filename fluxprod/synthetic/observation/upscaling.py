"""An upscaled product like FLUXCOM: another model, too large a sink, too little variability."""

import numpy as np

from fluxprod.core.time_axis import CALENDAR_DAYS, calendar_day
from fluxprod.core.units import DAYS_PER_YEAR, PG, watts_to_megajoules_per_day
from fluxprod.synthetic.earth.ecosystem import PAR_SHARE, PERIODS_A_YEAR
from fluxprod.synthetic.earth.history import composite_period
from fluxprod.synthetic.earth.land import Land
from fluxprod.synthetic.earth.weather import EarthWeather

GLOBAL_GPP = 120.0  # below the true value, as is typical of such products [Pg yr-1]
SINK, TROPICAL_SINK = 0.04, 0.14  # sink, and additional sink in warm climates, share of GPP [1]
DAMPING = 0.35  # factor on anomalies from the mean seasonal cycle [1]
OPTIMUM, WIDTH, Q10 = 22.0, 15.0, 1.4  # the same for all biomes [degC], [K], [1]
PLANT_SHARE = 0.5  # share of respiration that follows greenness [1]


def upscaled_nee(land: Land, weather: EarthWeather, fapar: np.ndarray) -> np.ndarray:
    """Compute the NEE of the product.

    The product uses the true weather and greenness but another model: one light-use efficiency and
    one temperature response for all biomes, and no effect of soil water except through greenness.

    Parameters
    ----------
    land : Land
        Land cells and their patches.
    weather : EarthWeather
        Daily weather of the cells.
    fapar : ndarray, shape (period, patch)
        Absorbed fraction of PAR in 8-day periods [1].

    Returns
    -------
    ndarray, shape (time, cell)
        NEE [g m-2 d-1 of land].
    """
    nee, gpp = unscaled_fluxes(land, weather, fapar)
    return gpp_factor(gpp, land.land_area) * nee


def gpp_factor(gpp: np.ndarray, land_area: np.ndarray) -> float:
    """Factor [1] that gives a mean GPP (cell,) [g m-2 d-1] the global total of the product."""
    return float(GLOBAL_GPP * PG / DAYS_PER_YEAR / (gpp * land_area).sum())


def unscaled_fluxes(
    land: Land, weather: EarthWeather, fapar: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the fluxes before GPP is scaled to its global total; every cell is independent.

    Parameters
    ----------
    land : Land
        Land cells and their patches.
    weather : EarthWeather
        Daily weather of the cells.
    fapar : ndarray, shape (period, patch)
        Absorbed fraction of PAR in 8-day periods [1].

    Returns
    -------
    nee : ndarray, shape (time, cell)
        NEE divided by the factor [g m-2 d-1 of land].
    gpp : ndarray, shape (cell,)
        Mean GPP divided by the factor [g m-2 d-1 of land].
    """
    green = land.cell_mean(fapar)
    season = green.reshape(-1, PERIODS_A_YEAR, green.shape[1]).mean(axis=0)
    green = season[composite_period(weather.time) % PERIODS_A_YEAR]
    light = watts_to_megajoules_per_day(_damped(weather.SW_IN, weather))
    air = _damped(weather.TA, weather)
    gpp = green * PAR_SHARE * light * np.exp(-(((air - OPTIMUM) / WIDTH) ** 2))
    mean = gpp.mean(axis=0)
    respiration = Q10 ** (air / 10.0) * (
        1.0 - PLANT_SHARE + PLANT_SHARE * green / season.mean(axis=0)
    )
    warm = np.clip(weather.TA.mean(axis=0) - 17.0, 0.0, 8.0) / 8.0
    kept = SINK + TROPICAL_SINK * warm
    respiration *= (1.0 - kept) * mean / respiration.mean(axis=0)
    return np.asarray(respiration - gpp), np.asarray(mean)


def _damped(field: np.ndarray, weather: EarthWeather) -> np.ndarray:
    """Damp the anomalies of a daily field (time, cell) from its mean of each calendar day."""
    day = calendar_day(weather.time) - 1
    order = np.argsort(day, kind="stable")
    start = np.searchsorted(day[order], np.arange(CALENDAR_DAYS))
    present = np.bincount(day, minlength=CALENDAR_DAYS)
    # without a leap year there is no 29 February, and that row is never read
    start = start[present > 0]
    row = np.cumsum(present > 0) - 1
    mean = np.add.reduceat(field[order], start) / present[present > 0][:, None]
    normal = mean[row[day]]
    return np.asarray(normal + DAMPING * (field - normal))
