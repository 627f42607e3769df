"""Ridge regression toward the land each candidate stands for: the bridge that conserves mass.

Every candidate starts with its cluster's share of the region's land divided among the cluster's
candidates, and the fit moves land only from one candidate to another. Without an intercept, a
uniform shift of all fluxes then moves the regional total by the region's area, which the Lasso does
not see to.
"""

import numpy as np

from fluxprod.bridge.fit import Fit, explained_variance

PENALTY_RANGE = 1e-6  # last penalty of the path over the first
FIRST_PENALTY = 100.0  # over the largest eigenvalue: coefficients stay within 1 % of the prior
NOISE = 1e-12  # share of the squared fluxes below which candidates differ by rounding alone


def stratum_shares(cluster: np.ndarray, land_area: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    """Land for which each candidate stands, as a share of the region's.

    Parameters
    ----------
    cluster : ndarray of int, shape (cell,)
        Every cluster holds a candidate.
    land_area : ndarray, shape (cell,)
        [m2].
    candidate : ndarray of int
        Positions of the candidates.

    Returns
    -------
    ndarray, shape (candidate,) [1]
        Sums to 1.
    """
    area = np.bincount(cluster, weights=land_area)
    members = np.bincount(cluster[candidate], minlength=len(area))
    share = area[cluster[candidate]] / members[cluster[candidate]] / land_area.sum()
    assert np.isclose(share.sum(), 1.0), "a cluster without a candidate"
    return np.asarray(share)


def anchored_to_r2(
    x: np.ndarray, y: np.ndarray, *, prior: np.ndarray, r2_threshold: float, n_alphas: int
) -> Fit:
    """Leave the prior no further than R2 in training needs, at the same sum; no intercept.

    Minimises ``|y - x s|^2 + penalty |s - prior|^2`` where ``sum(s) = sum(prior)``. A change of sum
    zero sees only ``c``, the fluxes less their mean over the candidates at each time: the solution
    is ``prior + c' (c c' + penalty)^-1 (y - x prior)``.

    Parameters
    ----------
    x : ndarray, shape (time, candidate)
        Fluxes of the candidates [g m-2 d-1].
    y : ndarray, shape (time,)
        Regional mean flux [g m-2 d-1].
    prior : ndarray, shape (candidate,)
        Shares of the region's land [1]; as they sum up, so do the coefficients.
    r2_threshold : float
        Where to stop [1].
    n_alphas : int
        Penalties that fall geometrically; the last one's fit stands if none is enough.

    Returns
    -------
    Fit
        Its penalty is on the squared shares [g2 m-4 d-2].
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
