"""Checks beyond R2: whether a bridge conserves mass and has cells in every region."""

import numpy as np

from fluxprod.core.regions import ABBREVIATIONS, REGIONS


def regions_without_cells(contributing: np.ndarray, land: np.ndarray) -> list[str]:
    """Regions that have land but no contributing cell and would therefore be unconstrained.

    Parameters
    ----------
    contributing : ndarray of int, shape (contribution,)
        Region number of each contributing cell.
    land : ndarray of int, shape (cell,)
        Region number of each land cell, -1 for cells outside all regions.

    Returns
    -------
    list of str
        Abbreviations of the regions.
    """
    empty = np.setdiff1d(land[land >= 0], contributing)
    return [ABBREVIATIONS[number] for number in empty]


def shift_response(theta: np.ndarray, region: np.ndarray, land_area: np.ndarray) -> np.ndarray:
    """Response of each regional model to a uniform flux shift, relative to the exact integral.

    It is one if the coefficients add up to the region's land area: the model then conserves mass.

    Parameters
    ----------
    theta : ndarray, shape (contribution,)
        Coefficients of the models [m2].
    region : ndarray of int, shape (contribution,)
        Region number of each contribution.
    land_area : ndarray, shape (18,)
        Land area of the regions [m2].

    Returns
    -------
    ndarray, shape (18,)
        Relative response, NaN for a region without land [1].
    """
    total = np.bincount(region, weights=theta, minlength=len(REGIONS))
    ratio = np.full(len(REGIONS), np.nan)
    np.divide(total, land_area, out=ratio, where=land_area > 0)
    return ratio
