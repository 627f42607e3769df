"""Bucket water balance of two soil layers and a snow pack: the water availability index (WAI).

After Trautmann et al. (2018, doi:10.5194/hess-22-4061-2018) and Boese et al. (2019,
doi:10.5194/bg-16-2557-2019), at a daily step; supplement S3 of Tramontana et al. (2016) was not
available. An upper layer fills first, a lower one takes the surplus, both evaporate.
"""

from typing import NamedTuple

import numpy as np

from fluxprod.core.units import LATENT_HEAT, ZERO_CELSIUS, watts_to_megajoules_per_day

ALBEDO = 0.23  # 1, FAO-56 reference surface (Allen et al. 1998, eq. 38)
STEFAN_BOLTZMANN = 4.903e-9  # MJ m-2 d-1 K-4, FAO-56 eq. 39
PSYCHROMETRIC = 0.0665  # kPa K-1 at sea level, FAO-56 eq. 8
CLEAR_SKY_SHARE = 0.75  # of potential radiation, FAO-56 eq. 37
RELATIVE_HUMIDITY = 0.7  # 1, typical; ERA5 humidity is no driver here
MELT_PER_DEGREE = 0.125 * 24.0  # mm K-1 d-1, Trautmann et al. (2018)
MELT_PER_ENERGY = 0.0375 * 24.0  # mm d-1 per MJ m-2 d-1, there by the hour like the other


class Soil(NamedTuple):
    """Capacities and rates of the bucket.

    Parameters
    ----------
    awc_upper, awc_lower : float
        Water capacity of the layers [mm].
    theta : float
        Share of stored water that can evaporate in a day, at most 1 [d-1].
    alpha : float
        Priestley-Taylor coefficient [1].
    """

    awc_upper: float
    awc_lower: float
    theta: float
    alpha: float


class Balance(NamedTuple):
    """Daily terms of the balance, each of shape (n, time) [mm] or [mm d-1]."""

    upper: np.ndarray
    lower: np.ndarray
    snow: np.ndarray
    evaporation: np.ndarray
    surplus: np.ndarray


def saturation_pressure(ta: np.ndarray) -> np.ndarray:
    """Saturation vapour pressure [kPa] at air temperature [degC] (FAO-56 eq. 11)."""
    return 0.6108 * np.exp(17.27 * ta / (ta + 237.3))


def net_radiation(ta: np.ndarray, sw_in: np.ndarray, sw_in_pot: np.ndarray) -> np.ndarray:
    """Net radiation [MJ m-2 d-1] by FAO-56 eqs. 38 to 40.

    Parameters
    ----------
    ta : ndarray
        Air temperature [degC].
    sw_in, sw_in_pot : ndarray
        Incoming and potential radiation [W m-2].
    """
    shortwave = watts_to_megajoules_per_day(sw_in)
    clear = CLEAR_SKY_SHARE * watts_to_megajoules_per_day(sw_in_pot)
    relative = np.divide(shortwave, clear, out=np.full_like(shortwave, 0.5), where=clear > 0.5)
    cloudiness = 1.35 * np.clip(relative, 0.25, 1.0) - 0.35
    vapour = RELATIVE_HUMIDITY * saturation_pressure(ta)
    emissivity = 0.34 - 0.14 * np.sqrt(vapour)
    longwave = STEFAN_BOLTZMANN * (ta + ZERO_CELSIUS) ** 4 * emissivity * cloudiness
    return (1.0 - ALBEDO) * shortwave - longwave


def potential_evaporation(ta: np.ndarray, rn: np.ndarray) -> np.ndarray:
    """Equilibrium evaporation [mm d-1] from net radiation [MJ m-2 d-1], never negative.

    Priestley and Taylor (1972, doi:10.1175/1520-0493(1972)100<0081:OTAOSH>2.3.CO;2) without
    their coefficient.
    """
    slope = 4098.0 * saturation_pressure(ta) / (ta + 237.3) ** 2
    return np.clip(slope / (slope + PSYCHROMETRIC) * rn / LATENT_HEAT, 0.0, None)


def water_balance(
    p: np.ndarray, ta: np.ndarray, rn: np.ndarray, soil: Soil, *, spinup: int, loops: int
) -> Balance:
    """Run the bucket day by day over all cells at once.

    Precipitation equals evaporation, surplus and the change of the three stores on every day.

    Parameters
    ----------
    p, ta, rn : ndarray, shape (n, time)
        Precipitation [mm d-1], air temperature [degC], net radiation [MJ m-2 d-1].
    soil : Soil
    spinup : int
        Days at the start that are run ``loops`` times before the balance begins [d].
    loops : int

    Returns
    -------
    Balance
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


def _run(forcing: list[np.ndarray], state: tuple, soil: Soil) -> tuple[tuple, np.ndarray]:
    """Run all days; time first. Terms have shape (5, time, n)."""
    terms = np.empty((5, *forcing[0].shape))
    for day, (p, ta, demand, melt) in enumerate(zip(*forcing)):
        terms[:, day] = _step(p, ta, demand, melt, state, soil)
        state = tuple(terms[:3, day])
    return state, terms


def _step(p, ta, demand, melt, state: tuple, soil: Soil) -> tuple:
    """One day: snow, recharge of the upper then the lower layer, evaporation from both."""
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
