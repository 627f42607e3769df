"""What R2 cannot see: whether a bridge conserves mass."""

import numpy as np

from fluxprod.core.regions import REGIONS


def shift_response(theta: np.ndarray, region: np.ndarray, land_area: np.ndarray) -> np.ndarray:
    """Answer of each regional model to a uniform shift, over that of the integral [1].

    One where the coefficients add up to the region's land: such a model conserves mass.

    Parameters
    ----------
    theta : ndarray, shape (contribution,)
        [m2].
    region : ndarray of int, shape (contribution,)
        Region number of each.
    land_area : ndarray, shape (18,)
        Land area of the regions [m2].

    Returns
    -------
    ndarray, shape (18,)
        NaN for a region without land.
    """
    total = np.bincount(region, weights=theta, minlength=len(REGIONS))
    return np.divide(total, land_area, out=np.full(len(REGIONS), np.nan), where=land_area > 0)
