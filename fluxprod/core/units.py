"""Unit conversions and their constants, each with its unit and source."""

from typing import TypeVar

import numpy as np
import xarray as xr

Quantity = TypeVar("Quantity", float, np.ndarray, xr.DataArray)

SECONDS_PER_DAY = 86_400.0  # s d-1
ZERO_CELSIUS = 273.15  # K, definition
PG = 1e15  # g per petagram
CARBON_PER_CO2 = 12.011 / 44.009  # g C per g CO2, IUPAC 2021 standard atomic weights
METRES_PER_MILLIMETRE = 1e-3
DAYS_PER_YEAR = 365.25  # d yr-1, Julian year
LATENT_HEAT = 2.45  # MJ kg-1 of water at 20 degC, FAO-56 (Allen et al. 1998) eq. 3-1
# vapour pressure over water, e = a1 exp(a3 (T - T0) / (T - a4)), with the constants of ERA5: ECMWF,
# IFS Documentation CY41R2 (2016), Part IV, Eq. 7.5, after Buck (1981); doi 10.21957/tr5rv27xu
VAPOUR_A1 = 6.1121  # hPa
VAPOUR_A3 = 17.502  # 1
VAPOUR_A4 = 32.19  # K
VAPOUR_T0 = 273.16  # K


def kelvin_to_celsius(temperature: Quantity) -> Quantity:
    """Convert a temperature [K] to [degC]."""
    celsius: Quantity = temperature - ZERO_CELSIUS
    return celsius


def vapour_pressure(dewpoint: np.ndarray) -> np.ndarray:
    """Convert a dewpoint [degC] to vapour pressure [hPa], over water at any temperature.

    Of an air temperature, this is the pressure at saturation.
    """
    # in double precision: the last bit of exp differs between processors, and that of a float32
    # would remain visible after rounding
    kelvin = np.asarray(dewpoint, float) + ZERO_CELSIUS
    exponent = VAPOUR_A3 * (kelvin - VAPOUR_T0) / (kelvin - VAPOUR_A4)
    return np.asarray(VAPOUR_A1 * np.exp(exponent))


def megajoules_per_day_to_watts(energy: Quantity) -> Quantity:
    """Convert a daily energy flux [MJ m-2 d-1] to its mean [W m-2]."""
    power: Quantity = energy * 1e6 / SECONDS_PER_DAY
    return power


def watts_to_megajoules_per_day(power: Quantity) -> Quantity:
    """Convert a daily mean energy flux [W m-2] to its daily sum [MJ m-2 d-1]."""
    energy: Quantity = power * SECONDS_PER_DAY / 1e6
    return energy


def metres_to_millimetres(depth: Quantity) -> Quantity:
    """Convert a depth of water [m] to [mm]."""
    millimetres: Quantity = depth / METRES_PER_MILLIMETRE
    return millimetres


def co2_rate_to_carbon_per_day(rate: Quantity) -> Quantity:
    """Convert an emission of CO2 [kg m-2 s-1] to one of carbon [g m-2 d-1]."""
    carbon: Quantity = rate * 1e3 * SECONDS_PER_DAY * CARBON_PER_CO2
    return carbon
