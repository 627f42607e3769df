"""A linear model of a region's mean flux, however it was found."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Fit:
    """A linear model of a region's mean flux.

    Parameters
    ----------
    share : ndarray, shape (candidate,)
        Coefficients [1]; times the region's land area, theta of Upton et al., Eq. 5.
    intercept : float
        [g m-2 d-1] of the region's land area.
    penalty : float
        At which the fit stopped, in the unit of its own regression.
    r2 : float
        Share of the target's variance explained in training [1].
    """

    share: np.ndarray
    intercept: float
    penalty: float
    r2: float


def predicted_flux(fit: Fit, x: np.ndarray) -> np.ndarray:
    """Regional mean flux [g m-2 d-1] from candidates' fluxes, shape (time, candidate)."""
    return np.asarray(x @ fit.share + fit.intercept)


def explained_variance(estimate: np.ndarray, target: np.ndarray) -> float:
    """R2: one less the squared error over the target's variance [1]; NaN of a constant target."""
    variance = float(((target - target.mean()) ** 2).sum())
    error = float(((target - estimate) ** 2).sum())
    return 1.0 - error / variance if variance > 0 else float("nan")
