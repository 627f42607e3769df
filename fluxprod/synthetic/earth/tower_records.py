"""Measurements of a tower network on the synthetic Earth, with their errors and gaps."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fluxprod.core.units import LATENT_HEAT, SECONDS_PER_DAY
from fluxprod.synthetic.earth.biomes import is_forest
from fluxprod.synthetic.earth.carbon import Carbon
from fluxprod.synthetic.earth.fields import autoregressive, random_stream
from fluxprod.synthetic.earth.history import History
from fluxprod.synthetic.earth.humidity import vapour_deficit
from fluxprod.synthetic.earth.weather import EarthWeather

TROPIC = 23.5  # [degree]
NIGHT_SHARE = 0.48  # share of daily respiration that occurs at night in the tropics [1]
NIGHT_LOSS = (0.22, 0.38)  # share of night-time respiration lost to drainage in calm air [1]
SELECTION, FOREST_SELECTION = 0.040, 0.020  # additional sink of vigorous sites, share of GPP [1]
NOISE, RELATIVE_NOISE = 0.35, 0.18  # Laplace scale [g m-2 d-1] and its rise with |NEE| [1]
GAP_BELOW = -1.9  # state of the logger, in standard deviations, below which it records nothing
GAP_MEMORY = 0.93  # correlation of that state on successive days [1]
HALF_HOURS = 48


@dataclass(frozen=True)
class Records:
    """Daily records of the network on all days of the world; arrays of shape (time, tower).

    NEE, GPP and RECO from night-time (NT) and day-time (DT) partitioning [g m-2 d-1]; shares of
    good half-hours [1]; TA [degC]; SW_IN and SW_POT [W m-2]; P [mm d-1]; VPD [hPa]; LE and H
    [W m-2]; relative soil water [1]. `raw_towers` selects the years of each site.
    """

    time: pd.DatetimeIndex
    nee: np.ndarray
    reco_nt: np.ndarray
    reco_dt: np.ndarray
    gpp_dt: np.ndarray
    quality: np.ndarray
    weather_quality: np.ndarray
    air: np.ndarray
    light: np.ndarray
    potential: np.ndarray
    rain: np.ndarray
    vapour_deficit: np.ndarray
    latent: np.ndarray
    sensible: np.ndarray
    wetness: np.ndarray


def biased_nee(towers: pd.DataFrame, nee: np.ndarray, gpp: np.ndarray, seed: int) -> np.ndarray:
    """Add the biases of siting and night-time drainage to true NEE.

    Sites tend to be where vegetation thrives, and in the tropics drainage flows carry away part of
    the respiration at night before the tower can measure it.

    Parameters
    ----------
    towers : DataFrame
        Columns lat [degree] and number (IGBP class).
    nee, gpp : ndarray, shape (time, tower)
        True fluxes [g m-2 d-1].
    seed : int
        Seed of the world.

    Returns
    -------
    ndarray, shape (time, tower)
        NEE as towers see it, without noise [g m-2 d-1].
    """
    chosen = SELECTION + FOREST_SELECTION * is_forest(towers.number.to_numpy())
    lost = random_stream(seed, "night loss").uniform(*NIGHT_LOSS, len(towers)) * NIGHT_SHARE
    lost = np.where(np.abs(towers.lat.to_numpy()) < TROPIC, lost, 0.0)
    return np.asarray(nee - chosen * gpp - lost * (nee + gpp))


def add_noise(flux: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add Laplace noise whose scale rises with the flux [g m-2 d-1].

    References
    ----------
    Hollinger & Richardson (2005), 10.1093/treephys/25.7.873.
    """
    scale = NOISE + RELATIVE_NOISE * np.abs(flux)
    return np.asarray(flux + rng.laplace(size=flux.shape) * scale)


def quality_shares(rng: np.random.Generator, days: int, count: int) -> np.ndarray:
    """Draw the share of good half-hours [1], in steps of 1/48; zero while the logger is down."""
    state = autoregressive(rng, days, count, GAP_MEMORY)
    daily = rng.standard_normal((days, count))
    habit = rng.uniform(0.80, 0.97, count)
    share = np.clip(habit + 0.06 * state + 0.05 * daily, 0.0, 1.0)
    share = np.where(state < GAP_BELOW + 0.6, share - 0.35, share)
    share = np.where(state < GAP_BELOW, 0.0, np.clip(share, 0.0, 1.0))
    return np.rint(share * HALF_HOURS) / HALF_HOURS


def fill_gaps(flux: np.ndarray, quality: np.ndarray) -> np.ndarray:
    """Fill days without measurements with the mean of the 15 days around them, like gap filling."""
    window = 15
    padded = np.pad(flux, ((window // 2, window // 2), (0, 0)), mode="edge")
    total = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), axis=0)
    smooth = (total[window:] - total[:-window]) / window
    return np.where(quality == 0.0, smooth, flux)


def measure_weather(
    home: np.ndarray, weather: EarthWeather, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Simulate the weather at the towers: that of their cells with small local deviations."""
    shape = len(weather.time), len(home)
    steady, daily = rng.standard_normal((3, len(home))), rng.standard_normal((3, *shape))
    rain = weather.P[:, home] * np.exp(0.05 * steady[1] + 0.20 * daily[1] - 0.02)
    light = weather.SW_IN[:, home] * (1.0 + 0.02 * steady[2] + 0.03 * daily[2])
    air = weather.TA[:, home] + 0.5 * steady[0] + 0.4 * daily[0]
    potential = weather.SW_POT[:, home]
    return {
        "air": air,
        "light": np.minimum(np.maximum(light, 0.0), 0.95 * potential),
        "potential": potential,
        "rain": rain,
        "vapour_deficit": vapour_deficit(air, light, potential),
    }


def tower_records(
    towers: pd.DataFrame, carbon: Carbon, history: History, weather: EarthWeather, seed: int
) -> Records:
    """Simulate the records of all towers on all days of the world.

    Parameters
    ----------
    towers : DataFrame
        Columns lat [degree], number (IGBP class) and cell (position of the land cell).
    carbon, history : Carbon, History
        True fluxes and states of the towers' patches.
    weather : EarthWeather
        Daily weather of the land cells.
    seed : int
        Seed of the world.
    """
    rng = random_stream(seed, "towers")
    gpp = carbon.scale * history.daily["gpp"]
    quality = quality_shares(rng, *gpp.shape)
    seen = biased_nee(towers, carbon.nee, gpp, seed)
    nee = fill_gaps(add_noise(seen, rng), quality)
    respired = np.maximum(seen + gpp, 0.05)
    reco_nt = respired * np.exp(0.10 * rng.standard_normal(gpp.shape))
    reco_dt = respired * np.exp(0.12 * rng.standard_normal(gpp.shape)) * 1.03
    local = measure_weather(towers.cell.to_numpy(), weather, rng)
    latent = history.daily["evapotranspiration"] * LATENT_HEAT * 1e6 / SECONDS_PER_DAY
    available = 0.62 * local["light"] - 15.0
    return Records(
        time=weather.time,
        nee=nee,
        reco_nt=reco_nt,
        reco_dt=reco_dt,
        gpp_dt=reco_dt - nee + 0.3 * rng.standard_normal(gpp.shape),
        quality=quality,
        weather_quality=quality_shares(rng, *gpp.shape),
        latent=latent * (1.0 + 0.10 * rng.standard_normal(gpp.shape)),
        sensible=0.85 * (available - latent) + 5.0 * rng.standard_normal(gpp.shape),
        wetness=history.daily["wetness"],
        **local,
    )
