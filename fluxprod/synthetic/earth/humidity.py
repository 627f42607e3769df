"""Humidity of the air, which follows from temperature and cloud."""

import numpy as np

from fluxprod.core.units import (
    VAPOUR_A1,
    VAPOUR_A3,
    VAPOUR_A4,
    VAPOUR_T0,
    ZERO_CELSIUS,
    vapour_pressure,
)


def vapour_deficit(air: np.ndarray, light: np.ndarray, potential: np.ndarray) -> np.ndarray:
    """Vapour pressure deficit, large in warm air under a clear sky.

    Parameters
    ----------
    air : ndarray
        Air temperature [degC].
    light, potential : ndarray
        Radiation at the ground and at the top of the atmosphere [W m-2].

    Returns
    -------
    ndarray
        Deficit [hPa], 5 to 47 % of saturation.
    """
    clearness = np.clip(light / np.maximum(potential, 20.0), 0.2, 0.8)
    saturation = 6.108 * np.exp(17.27 * air / (air + 237.3))  # hPa, Tetens (FAO-56 eq. 11)
    return np.asarray(saturation * (0.05 + 0.7 * (clearness - 0.2)))


def dewpoint(air: np.ndarray, deficit: np.ndarray) -> np.ndarray:
    """Dewpoint of air with a vapour pressure deficit, as ERA5 defines it.

    Parameters
    ----------
    air : ndarray
        Air temperature [degC].
    deficit : ndarray
        Vapour pressure deficit, below saturation [hPa].

    Returns
    -------
    ndarray
        Dewpoint [degC], with which `vapour_pressure` gives this deficit.
    """
    exponent = np.log((vapour_pressure(air) - deficit) / VAPOUR_A1) / VAPOUR_A3
    kelvin = (VAPOUR_T0 - VAPOUR_A4 * exponent) / (1.0 - exponent)
    return np.asarray(kelvin - ZERO_CELSIUS)
