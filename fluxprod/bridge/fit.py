"""A linear model of a region's mean flux, as returned by every regression method."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Fit:
    """A linear model of a region's mean flux.

    Parameters
    ----------
    share : ndarray, shape (candidate,)
        Coefficients; multiplied by the region's land area they are theta of Upton et al., Eq. 5
        [1].
    intercept : float
        Constant flux per unit of the region's land area [g m-2 d-1].
    penalty : float
        Penalty at which the fit stopped, in the unit of its regression method.
    r2 : float
        Share of the target's variance explained in training [1].
    """

    share: np.ndarray
    intercept: float
    penalty: float
    r2: float


def predicted_flux(fit: Fit, x: np.ndarray) -> np.ndarray:
    """Regional mean flux (time,) from fluxes of the candidates (time, candidate) [g m-2 d-1]."""
    return np.asarray(x @ fit.share + fit.intercept)


def explained_variance(estimate: np.ndarray, target: np.ndarray) -> float:
    """R2, one minus the ratio of squared error to variance [1]; NaN for a constant target."""
    variance = float(((target - target.mean()) ** 2).sum())
    error = float(((target - estimate) ** 2).sum())
    return 1.0 - error / variance if variance > 0 else float("nan")
