"""Ecosystem model of the synthetic Earth: daily leaves, soil water and carbon of patches."""

from dataclasses import dataclass

import numpy as np

from fluxprod.core.units import LATENT_HEAT, watts_to_megajoules_per_day
from fluxprod.synthetic.earth.traits import Traits
from fluxprod.synthetic.earth.weather import EarthWeather

PAR_SHARE = 0.45  # share of global radiation that is photosynthetically active [1]
LIGHT_SATURATION = 14.0  # PAR at which light-use efficiency has halved [MJ m-2 d-1]
STRESS_BELOW = 0.45  # relative soil water below which plants suffer [1]
INTERANNUAL = 0.035  # relative effect on GPP of one unit of the hidden slow anomaly [1]
MELT = 3.0  # degree-day factor of snowmelt [mm d-1 K-1]
DEEPEST_SNOW = 120.0  # [mm]: limited as if by wind, so that ice-free land loses its snow in summer
PERIOD = 8  # length of a satellite composite [d]; counting restarts each year
PERIODS_A_YEAR = 46


@dataclass
class State:
    """State of the patches that carries over from day to day; arrays of shape (patch,).

    Soil water and snow [mm], running mean temperature [degC], leaf index [1] and the running mean
    of GPP that plant respiration follows [g m-2 d-1].
    """

    water: np.ndarray
    snow: np.ndarray
    warmth: np.ndarray
    leaves: np.ndarray
    recent_gpp: np.ndarray


@dataclass(frozen=True)
class Day:
    """Fluxes and states of one day; arrays of shape (patch,).

    GPP before the global scaling and the part of it that plants respire [g m-2 d-1];
    heterotrophic respiration per unit of its base rate [1]; evapotranspiration [mm d-1]; fAPAR and
    relative soil water [1]; snow [mm].
    """

    gpp: np.ndarray
    autotrophic: np.ndarray
    heterotrophic: np.ndarray
    evapotranspiration: np.ndarray
    fapar: np.ndarray
    wetness: np.ndarray
    snow: np.ndarray


def initial_state(traits: Traits, air: np.ndarray) -> State:
    """Start with moist soil, no snow, half the leaves and the first day's temperature [degC]."""
    zero = np.zeros_like(traits.cover)
    return State(0.7 * traits.capacity, zero, air.copy(), zero + 0.5, zero + 1.0)


def potential_evaporation(air: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Compute potential evaporation [mm d-1] from T [degC] and global radiation [MJ m-2 d-1].

    References
    ----------
    Hargreaves & Samani (1985), 10.13031/2013.26773: ``0.0135 (T + 17.8) Rs / lambda``.
    """
    return np.asarray(np.maximum(0.0135 * (air + 17.8) * light / LATENT_HEAT, 0.0))


def update_leaves(
    state: State, traits: Traits, air: np.ndarray, potential: np.ndarray, stress: np.ndarray
) -> np.ndarray:
    """Move the leaf index towards the value that the season allows; change ``state`` in place.

    Parameters
    ----------
    state : State
        State of the patches.
    traits : Traits
        Their constant properties.
    air : ndarray, shape (patch,)
        Air temperature [degC].
    potential : ndarray, shape (patch,)
        Potential radiation, which stands for day length [W m-2].
    stress : ndarray, shape (patch,)
        Water supply, from 0 for dry soil to 1 for no stress [1].

    Returns
    -------
    ndarray, shape (patch,)
        Absorbed fraction of PAR [1].
    """
    state.warmth = state.warmth + (air - state.warmth) / 15.0
    cold = 1.0 / (1.0 + np.exp(-(state.warmth - traits.leaf_out) / 2.2))
    target = cold * np.sqrt(np.minimum(potential / 260.0, 1.0)) * (0.2 + 0.8 * stress)
    state.leaves = state.leaves + (target - state.leaves) / 14.0
    kept = traits.biome.evergreen
    return traits.cover * (kept + (1.0 - kept) * state.leaves)


def update_soil_water(
    state: State, traits: Traits, rain: np.ndarray, air: np.ndarray, demand: np.ndarray
) -> np.ndarray:
    """Route the water of one day through snow and root zone; change ``state`` in place.

    Parameters
    ----------
    state : State
        State of the patches.
    traits : Traits
        Their constant properties.
    rain : ndarray, shape (patch,)
        Precipitation [mm d-1].
    air : ndarray, shape (patch,)
        Air temperature [degC].
    demand : ndarray, shape (patch,)
        Evapotranspiration of well-watered plants [mm d-1].

    Returns
    -------
    ndarray, shape (patch,)
        Evapotranspiration [mm d-1].
    """
    freezing = air < 0.0
    melt = np.where(freezing, 0.0, np.minimum(state.snow, MELT * air))
    state.snow = np.minimum(state.snow + np.where(freezing, rain, 0.0) - melt, DEEPEST_SNOW)
    water = np.minimum(state.water + np.where(freezing, 0.0, rain) + melt, traits.capacity)
    supply = np.minimum(water / (STRESS_BELOW * traits.capacity), 1.0)
    loss: np.ndarray = np.minimum(demand * supply, 0.9 * water)
    state.water = water - loss
    return loss


def temperature_response(air: np.ndarray, optimum: np.ndarray) -> np.ndarray:
    """Response of GPP to temperature [1]: a bell, narrower above the optimum, zero in frost."""
    width = np.where(air < optimum, 14.0, 11.0)
    bell = np.exp(-(((air - optimum) / width) ** 2))
    return np.asarray(bell * np.clip((air + 4.0) / 8.0, 0.0, 1.0))


def assimilation(
    traits: Traits,
    fapar: np.ndarray,
    light: np.ndarray,
    air: np.ndarray,
    stress: np.ndarray,
    hidden: np.ndarray,
) -> np.ndarray:
    """Compute GPP before the global scaling by light-use efficiency with saturating light.

    Parameters
    ----------
    traits : Traits
        Constant properties of the patches.
    fapar : ndarray, shape (patch,)
        Absorbed fraction of PAR [1].
    light : ndarray, shape (patch,)
        Global radiation [MJ m-2 d-1].
    air : ndarray, shape (patch,)
        Air temperature [degC].
    stress : ndarray, shape (patch,)
        Water supply, from 0 for dry soil to 1 for no stress [1].
    hidden : ndarray, shape (patch,)
        Slow anomaly that no driver shows [1].

    Returns
    -------
    ndarray, shape (patch,)
        GPP [g m-2 d-1].

    References
    ----------
    Monteith (1972), 10.2307/2401901.
    """
    par = PAR_SHARE * light
    efficiency = traits.biome.light_use * traits.hidden.light_use
    efficiency = efficiency / (1.0 + par / LIGHT_SATURATION)
    limits = temperature_response(air, traits.optimum) * (0.05 + 0.95 * stress)
    return np.asarray(efficiency * fapar * par * limits * (1.0 + INTERANNUAL * hidden))


def decomposition(
    traits: Traits, air: np.ndarray, warmth: np.ndarray, wetness: np.ndarray
) -> np.ndarray:
    """Compute heterotrophic respiration from soil temperature (Q10) and soil moisture.

    Soil temperature follows the air temperature of the day and of the preceding weeks, but not
    below -8 degC, because snow insulates the soil.

    Parameters
    ----------
    traits : Traits
        Constant properties of the patches.
    air : ndarray, shape (patch,)
        Air temperature [degC].
    warmth : ndarray, shape (patch,)
        Its running mean [degC].
    wetness : ndarray, shape (patch,)
        Relative soil water [1].

    Returns
    -------
    ndarray, shape (patch,)
        Heterotrophic respiration per unit of its base rate [1].
    """
    soil = np.maximum(0.4 * air + 0.6 * warmth, -8.0)
    warm = traits.biome.q10 ** ((soil - 15.0) / 10.0)
    return np.asarray(warm * (0.15 + 0.85 * np.minimum(wetness / 0.55, 1.0)))


def simulate_day(state: State, traits: Traits, weather: EarthWeather, day: int) -> Day:
    """Advance the patches by one day of weather; change ``state`` in place."""
    air, rain = weather.TA[day, traits.home], weather.P[day, traits.home]
    light = watts_to_megajoules_per_day(weather.SW_IN[day, traits.home])
    stress = np.minimum(state.water / (STRESS_BELOW * traits.capacity), 1.0)
    fapar = update_leaves(state, traits, air, weather.SW_POT[day, traits.home], stress)
    demand = potential_evaporation(air, light) * (0.3 + 0.7 * fapar)
    loss = update_soil_water(state, traits, rain, air, demand)
    hidden = weather.hidden[day, traits.home]
    gpp = assimilation(traits, fapar, light, air, stress, hidden)
    state.recent_gpp = state.recent_gpp + (gpp - state.recent_gpp) / 6.0
    wetness = state.water / traits.capacity
    return Day(
        gpp=gpp,
        autotrophic=traits.biome.autotrophic * state.recent_gpp,
        heterotrophic=decomposition(traits, air, state.warmth, wetness),
        evapotranspiration=loss,
        fapar=fapar,
        wetness=wetness,
        snow=state.snow,
    )
