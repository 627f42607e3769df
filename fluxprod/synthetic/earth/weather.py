"""Daily weather: the reference climate with fast, slow and ENSO-like departures."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from fluxprod.core.radiation import potential_radiation
from fluxprod.synthetic.earth.fields import random_stream, smooth_noise, smoother
from fluxprod.synthetic.earth.normals import daily_normals

FAST_TEMPERATURE, FAST_RAIN, SLOW = 0.82, 0.60, 0.985  # correlation of successive days [1]
REACH_FAST, REACH_RAIN, REACH_SLOW = 10.0, 8.0, 20.0  # correlation in space [degree]
ENSO_PERIOD, ENSO_DAMPING = 45.0, 0.965  # [month], [per month]
ENSO_WARMING = 0.45  # [K] per unit of the index in the tropics
ENSO_RAIN = 0.30  # [1] relative change of rain per unit of the index where it acts in full
SLOW_RAIN = 0.45  # [1] log-rain per unit of the slow field
CLEAR, OVERCAST = 0.76, 0.34  # clearness under no and under full cloud [1]


@dataclass(frozen=True)
class EarthWeather:
    """Daily weather of the land cells, each field (time, cell).

    TA [degC], P [mm d-1], SW_IN and SW_POT [W m-2]; ``index`` is the ENSO-like index (time,) and
    ``hidden`` the slow departure that vegetation feels beyond what is measured, unit variance [1].
    """

    time: pd.DatetimeIndex
    TA: np.ndarray
    P: np.ndarray
    SW_IN: np.ndarray
    SW_POT: np.ndarray
    index: np.ndarray
    hidden: np.ndarray


def enso_index(seed: int, time: pd.DatetimeIndex) -> np.ndarray:
    """Unit-variance AR(2) of months with a period of about four years, interpolated to days."""
    rng, months = random_stream(seed, "enso"), len(time) // 28 + 4
    first = 2.0 * ENSO_DAMPING * np.cos(2.0 * np.pi / ENSO_PERIOD)
    second = -(ENSO_DAMPING**2)
    spread = np.sqrt((1 + second) * ((1 - second) ** 2 - first**2) / (1 - second))
    spin = 600  # [month] until the start is forgotten
    noise = spread * rng.standard_normal(spin + months)
    index = np.zeros(spin + months)
    for month in range(2, len(index)):
        index[month] = first * index[month - 1] + second * index[month - 2] + noise[month]
    return np.interp(np.arange(len(time)) / 30.4375, np.arange(months), index[spin:])


def rain_teleconnection(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Sign and strength of the rain's answer to the index, -1 to 1.

    A warm phase dries the Maritime Continent, Amazonia and southern Africa and wets eastern
    Africa and the south-east of South America (after Ropelewski & Halpert 1987,
    10.1175/1520-0493(1987)115<1606:GARSPP>2.0.CO;2).
    """
    centres = (  # lat, lon, radius [degree], strength
        (-2, 120, 22, -1.0), (-3, -58, 16, -1.0), (-18, 26, 14, -0.7), (18, 78, 14, -0.5),
        (2, 40, 10, 0.7), (-28, -58, 10, 0.8), (33, -100, 12, 0.5), (-25, 142, 16, -0.8),
    )  # fmt: skip
    answer = np.zeros_like(lat)
    for centre_lat, centre_lon, radius, strength in centres:
        east = (lon - centre_lon + 180.0) % 360.0 - 180.0
        away = (lat - centre_lat) ** 2 + (east * np.cos(np.radians(centre_lat))) ** 2
        answer += strength * np.exp(-away / radius**2)
    return np.clip(answer, -1.0, 1.0)


def wet_day_share(rain: np.ndarray) -> np.ndarray:
    """Share of days with rain from the mean rain [mm d-1]: few in deserts, most in the wet."""
    return np.clip(0.03 + 0.22 * np.sqrt(rain), 0.02, 0.85)


def rain_and_clearness(mean: np.ndarray, front: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rain [mm d-1] and clearness [1] of each day from its mean rain and a normal deviate.

    The wettest share of the deviates rains, in exponential amounts whose mean is ``mean``;
    clearness falls smoothly with the same deviate, so wet days are dark.
    """
    share = wet_day_share(mean)
    rank = 1.0 - ndtr(front)  # uniform; rain where it is below the share
    wet = rank < share
    amount = np.where(wet, -np.log(np.where(wet, rank / share, 1.0)), 0.0) * mean / share
    cloud = ndtr(1.2 * (front - ndtri(1.0 - share)) + 0.2)
    return amount, CLEAR - (CLEAR - OVERCAST) * cloud


def temperature(seed: int, normal: np.ndarray, slow: np.ndarray, lat, lon) -> np.ndarray:
    """Normal temperature plus fast and slow departures, wider where seasons are wide [degC]."""
    rng = random_stream(seed, "fast temperature")
    season = normal[:366].max(axis=0) - normal[:366].min(axis=0)
    fast = smooth_noise(rng, smoother(lat, lon, REACH_FAST), len(normal), FAST_TEMPERATURE)
    fast *= np.clip(0.9 + 0.09 * season, 0.9, 4.5)
    fast += np.clip(0.35 + 0.04 * season, 0.35, 2.0) * slow
    return normal + fast


def make_weather(
    normals: dict[str, np.ndarray],
    time: pd.DatetimeIndex,
    lat: np.ndarray,
    lon: np.ndarray,
    seed: int,
) -> EarthWeather:
    """Weather of the land cells.

    Parameters
    ----------
    normals : dict of ndarray, (12, cell)
        Monthly TA [degC] and P [mm d-1].
    lat, lon : ndarray, (cell,)
        Centres of the cells [degree].
    """
    index, answer = enso_index(seed, time), rain_teleconnection(lat, lon)
    wide = smoother(lat, lon, REACH_SLOW)
    slow_heat = smooth_noise(random_stream(seed, "slow temperature"), wide, len(time), SLOW)
    slow_rain = smooth_noise(random_stream(seed, "slow rain"), wide, len(time), SLOW)
    air = temperature(seed, daily_normals(normals["TA"], time), slow_heat, lat, lon)
    air += ENSO_WARMING * index[:, None] * np.exp(-((lat / 22.0) ** 2))
    change = SLOW_RAIN * slow_rain + ENSO_RAIN * index[:, None] * answer
    spread = SLOW_RAIN**2 + (ENSO_RAIN * answer) ** 2
    mean = daily_normals(normals["P"], time) * np.exp(change - spread / 2.0)
    rng = random_stream(seed, "fronts")
    front = smooth_noise(rng, smoother(lat, lon, REACH_RAIN), len(time), FAST_RAIN)
    rain, clearness = rain_and_clearness(mean, front)
    rows, row = np.unique(lat, return_inverse=True)
    potential = potential_radiation(rows, time.day_of_year).T[:, row]
    hidden = 0.6 * slow_rain - 0.6 * slow_heat
    hidden += 0.53 * index[:, None] * np.clip(2.0 * answer, -1.0, 1.0)
    return EarthWeather(time, air, rain, potential * clearness, potential, index, hidden)
