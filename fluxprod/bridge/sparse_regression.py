"""Lasso whose penalty is lowered until it explains enough variance (Upton et al., Eq. 2).

The regression uses anomalies from the training mean, with the regional total divided by the
region's land area: coefficients are then shares of that area [1], of order one or less. Columns
keep their own variance and are penalised equally, as printed in Eq. 2. Standardised columns would
favour pixels with weak fluxes, whose coefficients vary strongly between draws.
"""

import numpy as np
from sklearn.linear_model import lasso_path

from fluxprod.bridge.fit import Fit

PENALTY_RANGE = 1e-4  # ratio of the last penalty to that at which the first pixel enters
BLOCK = 8  # penalties per call; the path can stop between calls
TOLERANCE = 1e-6  # ratio of the duality gap to the variance of the target
MAX_SWEEPS = 100_000


def lasso_to_r2(x: np.ndarray, y: np.ndarray, *, r2_threshold: float, n_alphas: int) -> Fit:
    """Lower the Lasso penalty geometrically until R2 in training reaches a threshold.

    Parameters
    ----------
    x : ndarray, shape (time, candidate)
        Fluxes of the candidates [g m-2 d-1].
    y : ndarray, shape (time,)
        Regional mean flux [g m-2 d-1].
    r2_threshold : float
        R2 in training at which the penalty is lowered no further [1].
    n_alphas : int
        Number of penalties, down to 1e-4 of the first; if none reaches the threshold, the fit with
        the last one is returned.

    Returns
    -------
    Fit
        Fit whose penalty is scikit-learn's alpha: it multiplies the sum of absolute shares, which
        is added to half the mean squared error [g2 m-4 d-2]. It equals the penalty of Eq. 2
        divided by twice the number of months.
    """
    anomaly, target = x - x.mean(axis=0), y - y.mean()
    first = float(np.abs(anomaly.T @ target).max(initial=0.0)) / len(y)
    if first == 0.0:
        return Fit(np.zeros(x.shape[1]), float(y.mean()), 0.0, 0.0)
    alphas = first * np.geomspace(1.0, PENALTY_RANGE, n_alphas)
    share, alpha, r2 = _descend(anomaly, target, alphas, r2_threshold)
    return Fit(share, float(y.mean() - x.mean(axis=0) @ share), alpha, r2)


def _descend(
    anomaly: np.ndarray, target: np.ndarray, alphas: np.ndarray, r2_threshold: float
) -> tuple[np.ndarray, float, float]:
    """Coefficients, penalty and R2 at the first penalty that reaches the threshold, or the last.

    Coordinate descent on the normal equations, in which each penalty starts from the previous fit.
    """
    gram, xy, yy = anomaly.T @ anomaly, anomaly.T @ target, float(target @ target)
    anomaly, start = np.asfortranarray(anomaly), np.zeros(len(xy))
    for block in np.array_split(alphas, -(-len(alphas) // BLOCK)):
        _, share, _ = lasso_path(
            anomaly, target, alphas=block, precompute=gram, Xy=xy, coef_init=start,
            tol=TOLERANCE, max_iter=MAX_SWEEPS, check_input=False,
        )  # fmt: skip
        r2 = _path_r2(share, gram, xy, yy)
        enough = np.flatnonzero(r2 >= r2_threshold)
        if len(enough):
            break
        start = np.ascontiguousarray(share[:, -1])
    at = enough[0] if len(enough) else -1
    return share[:, at], float(block[at]), float(r2[at])


def _path_r2(share: np.ndarray, gram: np.ndarray, xy: np.ndarray, yy: float) -> np.ndarray:
    """R2 (alpha,) of every column of ``share`` (candidate, alpha), from the normal equations."""
    return np.asarray((2.0 * xy @ share - np.einsum("ia,ij,ja->a", share, gram, share)) / yy)
