"""The 18 regions of Upton et al., Table A1 (after RECCAP2), and sums over them."""

from typing import NamedTuple

import numpy as np

from fluxprod.core.units import PG


class Region(NamedTuple):
    """A region: its number in the mask, its abbreviation and its name."""

    number: int
    abbreviation: str
    name: str


REGIONS = tuple(
    Region(number, *names)
    for number, names in enumerate(
        (
            ("USA", "United States"),
            ("CAN", "Canada"),
            ("CAM", "Central America"),
            ("NSA", "Northern South America"),
            ("BRA", "Brazil"),
            ("SSA", "Southwest South America"),
            ("EU", "Europe"),
            ("NAF", "Northern Africa"),
            ("EQAF", "Equatorial Africa"),
            ("SAF", "Southern Africa"),
            ("RUS", "Russia"),
            ("CAS", "Central Asia"),
            ("MIDE", "Mideast"),
            ("CHN", "China"),
            ("KAJ", "Korea and Japan"),
            ("SAS", "South Asia"),
            ("SEAS", "Southeast Asia"),
            ("OCE", "Oceania"),
        )
    )
)
ABBREVIATIONS = tuple(region.abbreviation for region in REGIONS)
UNASSIGNED = -1
TROPICS = ("CAM", "NSA", "BRA", "EQAF", "SAF", "SAS", "SEAS")  # tropical regions of the scores


def petagrams_per_month(density: np.ndarray, land_area: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Convert monthly mean flux densities to monthly totals of cells.

    Parameters
    ----------
    density : ndarray, shape (..., cell, month)
        Flux per area of land [g m-2 d-1].
    land_area : ndarray, shape (cell,)
        Land area of each cell [m2].
    days : ndarray, shape (month,)
        Lengths of the calendar months [d].

    Returns
    -------
    ndarray, shape (..., cell, month)
        Monthly totals [PgC month-1].
    """
    total: np.ndarray = density * land_area[:, None] * (days / PG)
    return total


def regional_sums(amount: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Sum an extensive amount over the regions.

    Parameters
    ----------
    amount : ndarray, shape (cell, ...)
        Amount of each cell, that is, already multiplied by its land area.
    region : ndarray of int, shape (cell,)
        Region number of each cell, -1 if it belongs to no region.

    Returns
    -------
    ndarray, shape (19, ...)
        Sums over the 18 regions and then over the cells of no region, in the unit of ``amount``;
        the rows add up to the sum over all cells.

    Raises
    ------
    ValueError
        If a region number is outside -1 to 17.
    """
    membership = region[None, :] == np.array([*range(len(REGIONS)), UNASSIGNED])[:, None]
    if not membership.any(axis=0).all():
        raise ValueError(f"region numbers outside -1 to 17: {set(region) - set(range(-1, 18))}")
    return np.tensordot(membership.astype(float), amount, axes=1)
