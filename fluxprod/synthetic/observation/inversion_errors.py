"""Errors of atmospheric inversions, which concern the location of fluxes more than their total."""

import numpy as np

from fluxprod.core.units import PG
from fluxprod.synthetic.earth.fields import autoregressive, random_stream, smoother
from fluxprod.synthetic.earth.land import Land

SURFACE_MEMBERS = ("CAMS", "CarboScope", "CTE", "NISMON-CO2", "UoE")
SATELLITE_MEMBERS = ("CMS-Flux", "GONGGA", "THU", "CAMS-Satellite")  # start in 2010
REACH = 16.0  # correlation length [degree]
# standard deviations on productive land outside the tropics [g m-2 yr-1]
LASTING, SEASONAL, PASSING = 30.0, 30.0, 50.0
BARREN, PRODUCTIVE = 0.3, 4.0  # relative error of deserts [1]; GPP where it is 1 [g m-2 d-1]
TROPICAL = 1.6  # relative increase of errors at the equator [1]
TROPICAL_WIDTH = 18.0  # latitude at which the increase has fallen to 1/e [degree]
GLOBAL_NOISE = 0.1  # error of a member's annual global total [Pg yr-1]
PASSING_MEMORY = 0.5  # correlation of successive months [1]
MONTHS = 12


def error_size(land: Land, gpp: np.ndarray) -> np.ndarray:
    """Relative size of errors, shape (cell,) [1], from mean GPP [g m-2 d-1] and latitude."""
    tropical = 1.0 + TROPICAL * np.exp(-((land.lat_lon[0] / TROPICAL_WIDTH) ** 2))
    return np.asarray(tropical * (BARREN + (1.0 - BARREN) * np.minimum(gpp / PRODUCTIVE, 1.0)))


def inversion_error(
    land: Land, size: np.ndarray, months: int, seed: int, member: str
) -> np.ndarray:
    """Draw the error of one member.

    It is the sum of a lasting, a seasonal and a passing part, each smooth in space. Their global
    total is zero in every month; only a small error of each annual total is added on top.

    Parameters
    ----------
    land : Land
        Land cells.
    size : ndarray, shape (cell,)
        Result of `error_size` [1].
    months : int
        Number of months.
    seed : int
        Seed of the world.
    member : str
        Name of the member, which also names its random stream.

    Returns
    -------
    ndarray, shape (month, cell)
        Error of the flux [g m-2 yr-1 of land].
    """
    rng, weights = random_stream(seed, f"inversion {member}"), smoother(*land.lat_lon, REACH)
    nodes = weights.shape[0]
    phase = 2.0 * np.pi * np.arange(months)[:, None] / MONTHS
    swing = rng.standard_normal((2, nodes))
    noise = LASTING * rng.standard_normal(nodes)
    noise = noise + SEASONAL * (np.cos(phase) * swing[0] + np.sin(phase) * swing[1])
    noise = noise + PASSING * autoregressive(rng, months, nodes, PASSING_MEMORY)
    balanced = _balanced(size * (noise @ weights), size, land.land_area)
    return np.asarray(balanced + _yearly(rng, months, land))


def _balanced(error: np.ndarray, size: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Remove the global total in proportion to the size of errors; ``area`` in m2."""
    return np.asarray(error - size * ((error @ area) / (size @ area))[:, None])


def _yearly(rng: np.random.Generator, months: int, land: Land) -> np.ndarray:
    """Draw one uniform flux for each year, shape (month, 1) [g m-2 yr-1 of land]."""
    years = GLOBAL_NOISE * PG * rng.standard_normal(-(-months // MONTHS)) / land.land_area.sum()
    return np.repeat(years, MONTHS)[:months, None]
