"""Potential radiation as FLUXNET computes SW_IN_POT (ONEFlux ``common.c``)."""

import numpy as np
import pandas as pd

SOLAR_CONSTANT = 1376.0  # W m-2: gives the SW_IN_POT of FLUXNET2015 files


def potential_radiation(time: pd.DatetimeIndex, lat: np.ndarray) -> np.ndarray:
    """Daily mean at the top of the atmosphere, shape (time, lat) [W m-2].

    Spencer (1971), series for distance and declination, over the daylight hours:
    ``S0 E0 / pi (w0 sin L sin d + cos L cos d sin w0)`` with ``cos w0 = -tan L tan d``.
    """
    t = 2.0 * np.pi * (np.asarray(time.day_of_year, dtype=float) - 1.0) / 365.0
    distance = (
        1.00011 + 0.034221 * np.cos(t) + 0.00128 * np.sin(t)
        + 0.000719 * np.cos(2 * t) + 0.000077 * np.sin(2 * t)
    )  # fmt: skip
    declination = (
        0.006918 - 0.399912 * np.cos(t) + 0.070257 * np.sin(t) - 0.006758 * np.cos(2 * t)
        + 0.000907 * np.sin(2 * t) - 0.002697 * np.cos(3 * t) + 0.00148 * np.sin(3 * t)
    )  # fmt: skip
    latitude = np.radians(lat)
    half_day = np.arccos(
        np.clip(-np.tan(latitude)[None, :] * np.tan(declination)[:, None], -1.0, 1.0)
    )
    height = np.sin(latitude)[None, :] * np.sin(declination)[:, None] * half_day
    height += np.cos(latitude)[None, :] * np.cos(declination)[:, None] * np.sin(half_day)
    return np.maximum(SOLAR_CONSTANT * distance[:, None] / np.pi * height, 0.0)
