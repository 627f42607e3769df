"""Daily weather: the reference climate with fast, slow and ENSO-like anomalies."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from fluxprod.core.radiation import potential_radiation
from fluxprod.synthetic.earth.fields import random_stream, smooth_noise, smoother
from fluxprod.synthetic.earth.normals import daily_normals

FAST_TEMPERATURE, FAST_RAIN, SLOW = 0.82, 0.60, 0.985  # correlation of successive days [1]
REACH_FAST, REACH_RAIN, REACH_SLOW = 10.0, 8.0, 20.0  # correlation lengths [degree]
ENSO_PERIOD, ENSO_DAMPING = 45.0, 0.965  # [month], [per month]
ENSO_WARMING = 0.45  # warming at the equator per unit of the index [K]
ENSO_RAIN = 0.30  # change of log-rain per unit of the index where the teleconnection is 1 [1]
SLOW_RAIN = 0.45  # change of log-rain per unit of the slow field [1]
CLEAR, OVERCAST = 0.76, 0.34  # clearness of clear and of overcast skies [1]
# measured at Foc-Foc, La Reunion, in 24 h of January 1966; WMO World Weather & Climate Extremes
# Archive, https://wmo.asu.edu/content/world-greatest-twenty-four-hour-1-day-rainfall
RECORD_RAIN = 1825.0  # [mm d-1]


@dataclass(frozen=True)
class EarthWeather:
    """Daily weather of the land cells; arrays of shape (time, cell).

    TA [degC], P [mm d-1], SW_IN and SW_POT [W m-2]. ``index`` is the ENSO-like index, shape (time,)
    [1], and ``hidden`` a slow anomaly of unit variance that affects vegetation but is not measured
    [1].
    """

    time: pd.DatetimeIndex
    TA: np.ndarray
    P: np.ndarray
    SW_IN: np.ndarray
    SW_POT: np.ndarray
    index: np.ndarray
    hidden: np.ndarray


def enso_index(seed: int, time: pd.DatetimeIndex) -> np.ndarray:
    """Draw a monthly AR(2) series of unit variance and a period near four years, for each day."""
    rng, months = random_stream(seed, "enso"), len(time) // 28 + 4
    first = 2.0 * ENSO_DAMPING * np.cos(2.0 * np.pi / ENSO_PERIOD)
    second = -(ENSO_DAMPING**2)
    spread = np.sqrt((1 + second) * ((1 - second) ** 2 - first**2) / (1 - second))
    spin = 600  # spin-up, after which the start no longer matters [month]
    noise = spread * rng.standard_normal(spin + months)
    index = np.zeros(spin + months)
    for month in range(2, len(index)):
        index[month] = first * index[month - 1] + second * index[month - 2] + noise[month]
    return np.interp(np.arange(len(time)) / 30.4375, np.arange(months), index[spin:])


def rain_teleconnection(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Response of rain to the ENSO-like index, from -1 to 1 [1].

    A warm phase dries the Maritime Continent, Amazonia and southern Africa, and brings rain to
    eastern Africa and south-eastern South America.

    References
    ----------
    Ropelewski & Halpert (1987), 10.1175/1520-0493(1987)115<1606:GARSPP>2.0.CO;2.
    """
    centres = (  # lat, lon, radius [degree], strength
        (-2, 120, 22, -1.0), (-3, -58, 16, -1.0), (-18, 26, 14, -0.7), (18, 78, 14, -0.5),
        (2, 40, 10, 0.7), (-28, -58, 10, 0.8), (33, -100, 12, 0.5), (-25, 142, 16, -0.8),
    )  # fmt: skip
    response = np.zeros_like(lat)
    for centre_lat, centre_lon, radius, strength in centres:
        east = (lon - centre_lon + 180.0) % 360.0 - 180.0
        squared = (lat - centre_lat) ** 2 + (east * np.cos(np.radians(centre_lat))) ** 2
        response += strength * np.exp(-squared / radius**2)
    return np.asarray(np.clip(response, -1.0, 1.0))


def wet_day_share(rain: np.ndarray) -> np.ndarray:
    """Share of days with rain [1] as a function of mean rain [mm d-1]."""
    return np.asarray(np.clip(0.03 + 0.22 * np.sqrt(rain), 0.02, 0.85))


def rain_and_clearness(mean: np.ndarray, front: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute rain and clearness of each day from its expected rain and a normal deviate.

    It rains on the days with the largest deviates. The amounts are exponentially distributed, but
    never exceed the record of real weather, and their mean over all days is ``mean``. Clearness
    decreases smoothly with the same deviate, so that wet days are dark.

    Parameters
    ----------
    mean : ndarray, shape (time, cell)
        Expected rain [mm d-1].
    front : ndarray, shape (time, cell)
        Standard normal deviate [1].

    Returns
    -------
    amount : ndarray, shape (time, cell)
        Rain [mm d-1].
    clearness : ndarray, shape (time, cell)
        Global radiation at the ground as a share of potential radiation [1].
    """
    share = wet_day_share(mean)
    rank = 1.0 - ndtr(front)  # uniform; it rains where this is below the share of wet days
    wet = rank < share
    amount = np.where(wet, -np.log(np.where(wet, rank / share, 1.0)), 0.0) * mean / share
    cloud = ndtr(1.2 * (front - ndtri(1.0 - share)) + 0.2)
    return np.minimum(amount, RECORD_RAIN), CLEAR - (CLEAR - OVERCAST) * cloud


def temperature(
    seed: int, normal: np.ndarray, slow: np.ndarray, lat: np.ndarray, lon: np.ndarray
) -> np.ndarray:
    """Add fast and slow anomalies, larger where the seasonal range is large, to the normals.

    Parameters
    ----------
    seed : int
        Seed of the world.
    normal : ndarray, shape (time, cell)
        Climatological temperature of each day [degC].
    slow : ndarray, shape (time, cell)
        Slow noise of unit variance [1].
    lat, lon : ndarray, shape (cell,)
        Centres of the cells [degree].

    Returns
    -------
    ndarray, shape (time, cell)
        Temperature [degC].
    """
    rng = random_stream(seed, "fast temperature")
    season = normal[:366].max(axis=0) - normal[:366].min(axis=0)
    fast = smooth_noise(rng, smoother(lat, lon, REACH_FAST), len(normal), FAST_TEMPERATURE)
    fast *= np.clip(0.9 + 0.09 * season, 0.9, 4.5)
    fast += np.clip(0.35 + 0.04 * season, 0.35, 2.0) * slow
    return np.asarray(normal + fast)


def make_weather(
    normals: dict[str, np.ndarray],
    time: pd.DatetimeIndex,
    lat: np.ndarray,
    lon: np.ndarray,
    seed: int,
) -> EarthWeather:
    """Simulate the daily weather of the land cells.

    Parameters
    ----------
    normals : dict of str to ndarray, shape (12, cell)
        Monthly ``TA`` [degC] and ``P`` [mm d-1].
    time : DatetimeIndex
        Days of the world.
    lat, lon : ndarray, shape (cell,)
        Centres of the cells [degree].
    seed : int
        Seed of the world.
    """
    index, response = enso_index(seed, time), rain_teleconnection(lat, lon)
    wide = smoother(lat, lon, REACH_SLOW)
    slow_heat = smooth_noise(random_stream(seed, "slow temperature"), wide, len(time), SLOW)
    slow_rain = smooth_noise(random_stream(seed, "slow rain"), wide, len(time), SLOW)
    air = temperature(seed, daily_normals(normals["TA"], time), slow_heat, lat, lon)
    air += ENSO_WARMING * index[:, None] * np.exp(-((lat / 22.0) ** 2))
    change = SLOW_RAIN * slow_rain + ENSO_RAIN * index[:, None] * response
    spread = SLOW_RAIN**2 + (ENSO_RAIN * response) ** 2
    mean = daily_normals(normals["P"], time) * np.exp(change - spread / 2.0)
    rng = random_stream(seed, "fronts")
    front = smooth_noise(rng, smoother(lat, lon, REACH_RAIN), len(time), FAST_RAIN)
    rain, clearness = rain_and_clearness(mean, front)
    rows, row = np.unique(lat, return_inverse=True)
    potential = potential_radiation(rows, time.day_of_year).T[:, row]
    hidden = 0.6 * slow_rain - 0.6 * slow_heat
    hidden += 0.53 * index[:, None] * np.clip(2.0 * response, -1.0, 1.0)
    return EarthWeather(time, air, rain, potential * clearness, potential, index, hidden)
