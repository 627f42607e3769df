"""Zones of latitude and seasons of the year, by which the climate is compared."""

import numpy as np

NORTH, SOUTH = 30.0, -30.0  # degree_north; beyond them the year has a warm and a cold season
ZONES = {
    "north of 60 N": (60.0, 90.0),
    "30 N to 60 N": (NORTH, 60.0),
    "30 S to 30 N": (SOUTH, NORTH),
    "south of 30 S": (-90.0, SOUTH),
}
SEASONS = {
    "December to February": (11, 0, 1),
    "March to May": (2, 3, 4),
    "June to August": (5, 6, 7),
    "September to November": (8, 9, 10),
}
HEMISPHERES = {"north of 30 N": (NORTH, 90.0), "south of 30 S": (-90.0, SOUTH)}
FEWEST = 20  # cells that a zone needs


def inside(lat: np.ndarray, zone: tuple[float, float]) -> np.ndarray:
    """Which latitudes are in a zone; all false if too few are."""
    within: np.ndarray = (lat > zone[0]) & (lat <= zone[1])
    return within if within.sum() >= FEWEST else np.zeros_like(within)


def around_the_globe(values: np.ndarray, lon: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Amplitude of the wave that goes round the globe once, as a fault of the hour makes it.

    Parameters
    ----------
    values : ndarray, shape (cell, year)
        Annual values.
    lon, area : ndarray, shape (cell,)
        Longitude [degree_east] and area, in any unit.

    Returns
    -------
    ndarray, shape (year,)
        Amplitude, in the unit of the values.
    """
    angle, weight = np.radians(lon), np.sqrt(area)[:, None]
    wave = np.column_stack([np.ones_like(angle), np.cos(angle), np.sin(angle)])
    fit = np.linalg.lstsq(wave * weight, values * weight, rcond=None)[0]
    amplitude: np.ndarray = np.hypot(fit[1], fit[2])
    return amplitude
