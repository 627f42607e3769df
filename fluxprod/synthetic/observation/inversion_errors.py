"""What atmospheric inversions get wrong: where the carbon goes more than how much."""

import numpy as np

from fluxprod.core.units import PG
from fluxprod.synthetic.earth.fields import autoregressive, random_stream, smoother
from fluxprod.synthetic.earth.land import Land

SURFACE_MEMBERS = ("CAMS", "CarboScope", "CTE", "NISMON-CO2", "UoE")
SATELLITE_MEMBERS = ("CMS-Flux", "GONGGA", "THU", "CAMS-Satellite")  # begin in 2010
REACH = 16.0  # [degree]
LASTING, SEASONAL, PASSING = (
    30.0,
    30.0,
    50.0,
)  # [g m-2 yr-1] in productive land far from the tropics
BARREN, PRODUCTIVE = 0.3, 4.0  # errors of deserts [1]; GPP from which they are full [g m-2 d-1]
TROPICAL = 1.6  # further share of the errors at the equator [1]
TROPICAL_WIDTH = 18.0  # [degree]
GLOBAL_NOISE = 0.1  # [Pg yr-1] of a member's annual total
PASSING_MEMORY = 0.5  # of successive months [1]
MONTHS = 12


def error_size(land: Land, gpp: np.ndarray) -> np.ndarray:
    """Relative size of errors, (cell,) [1]: larger in the tropics and where priors are large."""
    tropical = 1.0 + TROPICAL * np.exp(-((land.lat_lon[0] / TROPICAL_WIDTH) ** 2))
    return tropical * (BARREN + (1.0 - BARREN) * np.minimum(gpp / PRODUCTIVE, 1.0))


def inversion_error(
    land: Land, size: np.ndarray, months: int, seed: int, member: str
) -> np.ndarray:
    """Error of a member, shape (month, cell) [g m-2 yr-1 of land].

    A lasting, a seasonal and a passing part, smooth in space and larger in the tropics. They
    cancel over the globe in every month; what does not cancel is a small error of each year.
    """
    rng, weights = random_stream(seed, f"inversion {member}"), smoother(*land.lat_lon, REACH)
    nodes = weights.shape[0]
    phase = 2.0 * np.pi * np.arange(months)[:, None] / MONTHS
    swing = rng.standard_normal((2, nodes))
    noise = LASTING * rng.standard_normal(nodes)
    noise = noise + SEASONAL * (np.cos(phase) * swing[0] + np.sin(phase) * swing[1])
    noise = noise + PASSING * autoregressive(rng, months, nodes, PASSING_MEMORY)
    return _balanced(size * (noise @ weights), size, land.land_area) + _yearly(rng, months, land)


def _balanced(error: np.ndarray, size: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Take the global total out where errors are large; ``area`` in m2."""
    return error - size * ((error @ area) / (size @ area))[:, None]


def _yearly(rng: np.random.Generator, months: int, land: Land) -> np.ndarray:
    """One flux a year over all land, (month, 1) [g m-2 yr-1]."""
    years = GLOBAL_NOISE * PG * rng.standard_normal(-(-months // MONTHS)) / land.land_area.sum()
    return np.repeat(years, MONTHS)[:months, None]
