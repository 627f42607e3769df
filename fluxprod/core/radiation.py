"""Shortwave radiation at the top of the atmosphere."""

import numpy as np
from numpy.typing import ArrayLike

from fluxprod.core.time_axis import CALENDAR_DAYS

SOLAR_CONSTANT = 1376.0  # W m-2, as in FLUXNET's SW_IN_POT (ONEFlux common.c)


def potential_radiation(lat: ArrayLike, day: ArrayLike) -> np.ndarray:
    """Daily mean potential radiation on a horizontal plane.

    This is the formula of FLUXNET's SW_IN_POT (ONEFlux ``common.c``), with the eccentricity and
    the declination of Spencer (1971).

    Parameters
    ----------
    lat : array-like, shape (n,)
        Latitude [degree_north].
    day : array-like of int, shape (m,)
        Day of the year, counted from 1 [d].

    Returns
    -------
    ndarray, shape (n, m)
        Daily mean potential radiation [W m-2].
    """
    t = 2.0 * np.pi * (np.asarray(day, float)[None, :] - 1.0) / 365.0
    eccentricity = (
        1.00011
        + 0.034221 * np.cos(t)
        + 0.00128 * np.sin(t)
        + 0.000719 * np.cos(2 * t)
        + 0.000077 * np.sin(2 * t)
    )
    d = (
        0.006918
        - 0.399912 * np.cos(t)
        + 0.070257 * np.sin(t)
        - 0.006758 * np.cos(2 * t)
        + 0.000907 * np.sin(2 * t)
        - 0.002697 * np.cos(3 * t)
        + 0.00148 * np.sin(3 * t)
    )
    latitude = np.radians(np.asarray(lat, float))[:, None]
    # clipping gives polar night (0) and polar day (pi)
    sunset = np.arccos(np.clip(-np.tan(latitude) * np.tan(d), -1.0, 1.0))
    height = np.sin(latitude) * np.sin(d) * sunset + np.cos(latitude) * np.cos(d) * np.sin(sunset)
    radiation: np.ndarray = np.maximum(SOLAR_CONSTANT * eccentricity / np.pi * height, 0.0)
    return radiation


def potential_radiation_year(lat: ArrayLike) -> np.ndarray:
    """Daily mean potential radiation on the 366 calendar days, shape (n, 366) [W m-2]."""
    return potential_radiation(lat, np.arange(1, CALENDAR_DAYS + 1))
