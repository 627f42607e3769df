"""Fire emissions of the synthetic Earth, from fuel and drought."""

import numpy as np

from fluxprod.core.units import DAYS_PER_YEAR, PG
from fluxprod.synthetic.earth.biomes import biome_of
from fluxprod.synthetic.earth.carbon import Carbon
from fluxprod.synthetic.earth.fields import random_stream, smooth_noise, smoother
from fluxprod.synthetic.earth.history import composite_period
from fluxprod.synthetic.earth.land import Land
from fluxprod.synthetic.earth.weather import EarthWeather

GLOBAL_FIRE = 1.9  # Pg yr-1
REACH = 8.0  # correlation length of fire spells [degree]
COOL, WARM = 8.0, 18.0  # fires spread not at all below COOL and fully above WARM [degC]
SMALLEST = 0.004  # emissions below this are set to zero [g m-2 d-1]


def fire_emission(
    land: Land, weather: EarthWeather, carbon: Carbon, wetness: np.ndarray, seed: int
) -> np.ndarray:
    """Compute the carbon that fires emit.

    Parameters
    ----------
    land : Land
        Land cells and their patches.
    weather : EarthWeather
        Daily weather of the cells.
    carbon : Carbon
        Fluxes of the patches; mean GPP stands for fuel.
    wetness : ndarray, shape (period, patch)
        Mean relative soil water of 8-day periods [1].
    seed : int
        Seed of the world.

    Returns
    -------
    ndarray, shape (time, cell)
        Fire emission [g m-2 d-1 of land].
    """
    fuel = biome_of(land.patch_igbp).flammable * np.minimum(carbon.mean_gpp, 5.0)
    drought = land.cell_mean(np.clip(1.0 - wetness / 0.6, 0.0, 1.0) ** 2 * fuel)
    period = composite_period(weather.time)
    spread = np.clip((weather.TA - COOL) / (WARM - COOL), 0.0, 1.0)
    weights = smoother(*land.lat_lon, REACH)
    spells = smooth_noise(random_stream(seed, "fire"), weights, len(weather.time), 0.9)
    burning = drought[period] * spread * np.exp(0.9 * spells) * (weather.P < 1.0)
    annual = (burning.mean(axis=0) * land.land_area).sum() * DAYS_PER_YEAR / PG
    burning *= GLOBAL_FIRE / annual
    return np.where(burning < SMALLEST, 0.0, burning)
