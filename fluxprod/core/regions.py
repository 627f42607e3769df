"""The 18 regions of Upton et al., Table A1 (after RECCAP2), and sums over them."""

from typing import NamedTuple

import numpy as np

from fluxprod.core.units import PG


class Region(NamedTuple):
    """A region: its number in the mask, abbreviation and name."""

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
TROPICS = ("CAM", "NSA", "BRA", "EQAF", "SAF", "SAS", "SEAS")  # in scores


def petagrams_per_month(density: np.ndarray, land_area: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Monthly mean density to monthly total of each cell.

    Parameters
    ----------
    density : ndarray, shape (..., cell, month)
        [g m-2 d-1], per area of land.
    land_area : ndarray, shape (cell,)
        [m2].
    days : ndarray, shape (month,)
        True lengths of the months [d].

    Returns
    -------
    ndarray, shape (..., cell, month) [PgC month-1]
    """
    return density * land_area[:, None] * (days / PG)


def regional_sums(amount: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Sum an extensive amount over the regions.

    Parameters
    ----------
    amount : ndarray, shape (cell, ...)
        Already multiplied by the land area of each cell.
    region : ndarray of int, shape (cell,)
        Region number of each cell, -1 where it belongs to none.

    Returns
    -------
    ndarray, shape (19, ...)
        The 18 regions, then what belongs to none: the rows always sum to the whole.
    """
    membership = region[None, :] == np.array([*range(len(REGIONS)), UNASSIGNED])[:, None]
    if not membership.any(axis=0).all():
        raise ValueError(f"region numbers outside -1..17: {set(region) - set(range(-1, 18))}")
    return np.tensordot(membership.astype(float), amount, axes=1)
