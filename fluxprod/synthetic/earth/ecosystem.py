"""The law of the synthetic Earth: leaves, soil water and carbon of patches, day by day."""

from dataclasses import dataclass

import numpy as np

from fluxprod.core.units import LATENT_HEAT, watts_to_megajoules_per_day
from fluxprod.synthetic.earth.traits import Traits
from fluxprod.synthetic.earth.weather import EarthWeather

PAR_SHARE = 0.45  # of global radiation that is photosynthetically active [1]
LIGHT_SATURATION = 14.0  # PAR at which light use has halved [MJ m-2 d-1]
STRESS_BELOW = 0.45  # relative soil water below which plants suffer [1]
INTERANNUAL = 0.035  # effect on GPP of a unit of the hidden slow departure [1]
MELT = 3.0  # [mm d-1 K-1]
DEEPEST_SNOW = 120.0  # [mm]: wind carries more off, so that ice-free land sees the ground again
PERIOD = 8  # days of a satellite composite; each year begins anew
PERIODS_A_YEAR = 46


@dataclass
class State:
    """What a day hands to the next; arrays over patches.

    Water and snow [mm], running mean temperature [degC], leaf index [1] and plant respiration's
    running mean of GPP [g m-2 d-1].
    """

    water: np.ndarray
    snow: np.ndarray
    warmth: np.ndarray
    leaves: np.ndarray
    recent_gpp: np.ndarray


@dataclass(frozen=True)
class Day:
    """Fluxes and states of a day; arrays over patches.

    GPP before the global scaling, its part respired by plants, and heterotrophic respiration per
    unit of a base rate [g m-2 d-1]; ET [mm d-1]; fAPAR and relative soil water [1]; snow [mm].
    """

    gpp: np.ndarray
    autotrophic: np.ndarray
    heterotrophic: np.ndarray
    evapotranspiration: np.ndarray
    fapar: np.ndarray
    wetness: np.ndarray
    snow: np.ndarray


def first_state(traits: Traits, air: np.ndarray) -> State:
    """Moist soil, no snow, half the leaves out, at the first day's temperature [degC]."""
    zero = np.zeros_like(traits.cover)
    return State(0.7 * traits.capacity, zero, air.copy(), zero + 0.5, zero + 1.0)


def potential_evaporation(air: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Potential evaporation [mm d-1] from T [degC] and global radiation [MJ m-2 d-1].

    Hargreaves & Samani (1985), 10.13031/2013.26773: ``0.0135 (T + 17.8) Rs / lambda``.
    """
    return np.maximum(0.0135 * (air + 17.8) * light / LATENT_HEAT, 0.0)


def unfold_leaves(state: State, traits: Traits, air, potential, stress) -> np.ndarray:
    """Let the leaf index follow warmth, day length and water; return fAPAR [1]."""
    state.warmth = state.warmth + (air - state.warmth) / 15.0
    cold = 1.0 / (1.0 + np.exp(-(state.warmth - traits.leaf_out) / 2.2))
    target = cold * np.sqrt(np.minimum(potential / 260.0, 1.0)) * (0.2 + 0.8 * stress)
    state.leaves = state.leaves + (target - state.leaves) / 14.0
    kept = traits.biome.evergreen
    return traits.cover * (kept + (1.0 - kept) * state.leaves)


def wet_soil(state: State, traits: Traits, rain, air, demand) -> np.ndarray:
    """Pass a day's water through snow and root zone; return ET [mm d-1]."""
    freezing = air < 0.0
    melt = np.where(freezing, 0.0, np.minimum(state.snow, MELT * air))
    state.snow = np.minimum(state.snow + np.where(freezing, rain, 0.0) - melt, DEEPEST_SNOW)
    water = np.minimum(state.water + np.where(freezing, 0.0, rain) + melt, traits.capacity)
    supply = np.minimum(water / (STRESS_BELOW * traits.capacity), 1.0)
    loss = np.minimum(demand * supply, 0.9 * water)
    state.water = water - loss
    return loss


def temperature_response(air: np.ndarray, optimum: np.ndarray) -> np.ndarray:
    """GPP's answer to temperature [1]: a bell, narrower above the optimum, zero in frost."""
    width = np.where(air < optimum, 14.0, 11.0)
    return np.exp(-(((air - optimum) / width) ** 2)) * np.clip((air + 4.0) / 8.0, 0.0, 1.0)


def assimilation(traits: Traits, fapar, light, air, stress, hidden) -> np.ndarray:
    """GPP by light use before the global scaling [g m-2 d-1]; ``light`` in MJ m-2 d-1.

    Monteith (1972), 10.2307/2401901, with saturating light.
    """
    par = PAR_SHARE * light
    efficiency = traits.biome.light_use * traits.hidden.light_use
    efficiency = efficiency / (1.0 + par / LIGHT_SATURATION)
    limits = temperature_response(air, traits.optimum) * (0.05 + 0.95 * stress)
    return efficiency * fapar * par * limits * (1.0 + INTERANNUAL * hidden)


def decomposition(traits: Traits, air, warmth, wetness) -> np.ndarray:
    """Heterotrophic respiration per unit of its base rate [1]: Q10 and moist soil.

    The soil feels the air of the day and of the weeks before, and does not freeze deep under snow.
    """
    soil = np.maximum(0.4 * air + 0.6 * warmth, -8.0)
    warm = traits.biome.q10 ** ((soil - 15.0) / 10.0)
    return warm * (0.15 + 0.85 * np.minimum(wetness / 0.55, 1.0))


def live_a_day(state: State, traits: Traits, weather: EarthWeather, day: int) -> Day:
    """Move the patches on by one day of weather; change ``state`` in place."""
    air, rain = weather.TA[day, traits.home], weather.P[day, traits.home]
    light = watts_to_megajoules_per_day(weather.SW_IN[day, traits.home])
    stress = np.minimum(state.water / (STRESS_BELOW * traits.capacity), 1.0)
    fapar = unfold_leaves(state, traits, air, weather.SW_POT[day, traits.home], stress)
    demand = potential_evaporation(air, light) * (0.3 + 0.7 * fapar)
    loss = wet_soil(state, traits, rain, air, demand)
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
