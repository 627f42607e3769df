"""Water balance of two soil layers and a snow pack, from which the water availability index (WAI).

The daily bucket model follows Trautmann et al. (2018, doi:10.5194/hess-22-4061-2018) and Boese et
al. (2019, doi:10.5194/bg-16-2557-2019); supplement S3 of Tramontana et al. (2016) was not
available. The upper layer fills first, the lower one takes the surplus, and both evaporate.
"""

from typing import NamedTuple

import numpy as np

from fluxprod.core.units import LATENT_HEAT, ZERO_CELSIUS, watts_to_megajoules_per_day
from fluxprod.drivers.settings import SoilSettings

ALBEDO = 0.23  # 1, FAO-56 reference surface (Allen et al. 1998, eq. 38)
STEFAN_BOLTZMANN = 4.903e-9  # MJ m-2 d-1 K-4, FAO-56 eq. 39
PSYCHROMETRIC = 0.0665  # kPa K-1 at sea level, FAO-56 eq. 8
CLEAR_SKY_SHARE = 0.75  # 1, share of potential radiation under a clear sky, FAO-56 eq. 37
RELATIVE_HUMIDITY = 0.7  # 1, a typical value, because ERA5 humidity is not an input
MELT_PER_DEGREE = 0.125 * 24.0  # mm K-1 d-1, Trautmann et al. (2018)
MELT_PER_ENERGY = 0.0375 * 24.0  # mm d-1 per MJ m-2 d-1, ibid.; both are given by the hour


class Balance(NamedTuple):
    """Daily terms, each of shape (n, time): three stores [mm] and two fluxes [mm d-1]."""

    upper: np.ndarray
    lower: np.ndarray
    snow: np.ndarray
    evaporation: np.ndarray
    surplus: np.ndarray


def saturation_pressure(ta: np.ndarray) -> np.ndarray:
    """Compute the saturation vapour pressure [kPa] at air temperature [degC] (FAO-56 eq. 11)."""
    pressure: np.ndarray = 0.6108 * np.exp(17.27 * ta / (ta + 237.3))
    return pressure


def net_radiation(ta: np.ndarray, sw_in: np.ndarray, sw_in_pot: np.ndarray) -> np.ndarray:
    """Compute net radiation by FAO-56 eqs. 38 to 40.

    Parameters
    ----------
    ta : ndarray
        Air temperature [degC].
    sw_in, sw_in_pot : ndarray
        Incoming and potential radiation [W m-2].

    Returns
    -------
    ndarray
        Net radiation [MJ m-2 d-1].
    """
    shortwave = watts_to_megajoules_per_day(sw_in)
    clear = CLEAR_SKY_SHARE * watts_to_megajoules_per_day(sw_in_pot)
    relative = np.divide(shortwave, clear, out=np.full_like(shortwave, 0.5), where=clear > 0.5)
    cloudiness = 1.35 * np.clip(relative, 0.25, 1.0) - 0.35
    vapour = RELATIVE_HUMIDITY * saturation_pressure(ta)
    emissivity = 0.34 - 0.14 * np.sqrt(vapour)
    longwave = STEFAN_BOLTZMANN * (ta + ZERO_CELSIUS) ** 4 * emissivity * cloudiness
    net: np.ndarray = (1.0 - ALBEDO) * shortwave - longwave
    return net


def potential_evaporation(ta: np.ndarray, rn: np.ndarray) -> np.ndarray:
    """Compute equilibrium evaporation [mm d-1] from net radiation [MJ m-2 d-1], at least 0.

    The equation is that of Priestley and Taylor (1972,
    doi:10.1175/1520-0493(1972)100<0081:OTAOSH>2.3.CO;2) without their coefficient.
    """
    slope = 4098.0 * saturation_pressure(ta) / (ta + 237.3) ** 2
    evaporation: np.ndarray = np.clip(slope / (slope + PSYCHROMETRIC) * rn / LATENT_HEAT, 0.0, None)
    return evaporation


def water_balance(
    p: np.ndarray, ta: np.ndarray, rn: np.ndarray, soil: SoilSettings, *, spinup: int, loops: int
) -> Balance:
    """Run the water balance day by day, for all cells at once.

    On every day, precipitation equals the sum of evaporation, surplus and the change in the three
    stores.

    Parameters
    ----------
    p, ta, rn : ndarray, shape (n, time)
        Precipitation [mm d-1], air temperature [degC], net radiation [MJ m-2 d-1].
    soil : SoilSettings
        Capacities and rates of the soil.
    spinup : int
        Days at the start that are repeated ``loops`` times to spin up the stores [d].
    loops : int
        Number of repetitions of the spin-up.

    Returns
    -------
    Balance
        Terms of the balance on every day.
    """
    demand = soil.alpha * potential_evaporation(ta, rn)
    melt = np.where(
        ta > 0.0, MELT_PER_DEGREE * np.maximum(ta, 0.0) + MELT_PER_ENERGY * np.maximum(rn, 0.0), 0.0
    )
    forcing = [np.ascontiguousarray(term.T) for term in (p, ta, demand, melt)]
    n = p.shape[0]
    state = (np.full(n, soil.awc_upper), np.full(n, soil.awc_lower), np.zeros(n))
    for _ in range(loops):
        state, _ = _run([term[:spinup] for term in forcing], state, soil)
    _, terms = _run(forcing, state, soil)
    return Balance(*(term.T for term in terms))


def _run(forcing: list[np.ndarray], state: tuple, soil: SoilSettings) -> tuple[tuple, np.ndarray]:
    """Run all days. Forcing has shape (time, n), and terms (5, time, n)."""
    terms = np.empty((5, *forcing[0].shape))
    for day, (p, ta, demand, melt) in enumerate(zip(*forcing)):
        terms[:, day] = _step(p, ta, demand, melt, state, soil)
        state = tuple(terms[:3, day])
    return state, terms


def _step(
    p: np.ndarray,
    ta: np.ndarray,
    demand: np.ndarray,
    melt: np.ndarray,
    state: tuple,
    soil: SoilSettings,
) -> tuple:
    """Advance one day: snow, recharge of the upper and the lower layer, evaporation from both."""
    upper, lower, snow = state
    frozen = np.where(ta < 0.0, p, 0.0)
    snow = snow + frozen
    thaw = np.minimum(snow, melt)
    snow = snow - thaw
    water = p - frozen + thaw
    to_upper = np.minimum(water, soil.awc_upper - upper)
    to_lower = np.minimum(water - to_upper, soil.awc_lower - lower)
    surplus = water - to_upper - to_lower
    upper, lower = upper + to_upper, lower + to_lower
    from_upper = np.minimum(demand, soil.theta * upper)
    from_lower = np.minimum(demand - from_upper, soil.theta * lower)
    return (
        upper - from_upper,
        lower - from_lower,
        snow,
        from_upper + from_lower,
        surplus,
    )
