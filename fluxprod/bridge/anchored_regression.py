"""Ridge regression toward the land that each candidate represents: a bridge that conserves mass.

Every candidate starts with an equal part of its cluster's share of the region's land, and the fit
only moves land from one candidate to another. As there is no intercept, a uniform shift of all
fluxes changes the regional total by the shift times the region's area, which the Lasso does not
ensure.
"""

import numpy as np

from fluxprod.bridge.fit import Fit, explained_variance

PENALTY_RANGE = 1e-6  # ratio of the last penalty on the path to the first
FIRST_PENALTY = 100.0  # times the largest eigenvalue: coefficients stay within 1 % of the prior
NOISE = 1e-12  # fraction of the squared fluxes below which candidates differ only by rounding


def stratum_shares(cluster: np.ndarray, land_area: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    """Land that each candidate represents, as a share of the region's land.

    Parameters
    ----------
    cluster : ndarray of int, shape (cell,)
        Cluster of each cell; every cluster contains at least one candidate.
    land_area : ndarray, shape (cell,)
        Land area of the cells [m2].
    candidate : ndarray of int, shape (candidate,)
        Positions of the candidates among the cells.

    Returns
    -------
    ndarray, shape (candidate,)
        Shares, which sum to 1 [1].
    """
    area = np.bincount(cluster, weights=land_area)
    members = np.bincount(cluster[candidate], minlength=len(area))
    share = area[cluster[candidate]] / members[cluster[candidate]] / land_area.sum()
    assert np.isclose(share.sum(), 1.0), "a cluster without a candidate"
    return np.asarray(share)


def anchored_to_r2(
    x: np.ndarray, y: np.ndarray, *, prior: np.ndarray, r2_threshold: float, n_alphas: int
) -> Fit:
    """Move away from the prior only as far as the required R2 demands; sum kept, no intercept.

    Minimises ``|y - x s|^2 + penalty |s - prior|^2`` subject to ``sum(s) = sum(prior)``. A change
    of ``s`` with zero sum acts only on ``c``, the fluxes minus their mean over the candidates at
    each time, so that the solution is ``prior + c' (c c' + penalty)^-1 (y - x prior)``.

    Parameters
    ----------
    x : ndarray, shape (time, candidate)
        Fluxes of the candidates [g m-2 d-1].
    y : ndarray, shape (time,)
        Regional mean flux [g m-2 d-1].
    prior : ndarray, shape (candidate,)
        Shares of the region's land; the coefficients keep their sum [1].
    r2_threshold : float
        R2 in training at which the penalty is lowered no further [1].
    n_alphas : int
        Number of penalties, which fall geometrically; if none reaches the threshold, the fit with
        the last one is returned.

    Returns
    -------
    Fit
        Fit whose penalty applies to the squared shares [g2 m-4 d-2].
    """
    contrast = x - x.mean(axis=1, keepdims=True)
    value, vector = np.linalg.eigh(contrast @ contrast.T)
    if value[-1] <= NOISE * (x**2).sum():
        return Fit(prior, 0.0, 0.0, explained_variance(x @ prior, y))
    error = vector.T @ (y - x @ prior)
    for penalty in FIRST_PENALTY * value[-1] * np.geomspace(1.0, PENALTY_RANGE, n_alphas):
        share = prior + contrast.T @ (vector @ (error / (np.maximum(value, 0.0) + penalty)))
        r2 = explained_variance(x @ share, y)
        if r2 >= r2_threshold:
            break
    return Fit(share, 0.0, float(penalty), r2)
