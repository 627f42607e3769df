"""The linear model of one region: theta, intercept and skill, fitted to the fluxes of its cells."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from fluxprod.bridge.anchored_regression import anchored_to_r2, stratum_shares
from fluxprod.bridge.cross_validation import cross_validated_r2, year_blocks
from fluxprod.bridge.fit import Fit
from fluxprod.bridge.settings import FitSettings
from fluxprod.bridge.sparse_regression import lasso_to_r2

THETA_STEP = 1e3  # [m2] rounding that gives the same bytes on every processor
INTERCEPT_STEP = 1e3  # [g d-1] the same for the intercept


@dataclass(frozen=True)
class RegionalModel:
    """The linear model of one region.

    Parameters
    ----------
    candidate : ndarray of int, shape (candidate,)
        Positions of the candidates among the region's cells.
    theta : ndarray, shape (candidate,)
        Area that each candidate represents, zero if it does not contribute [m2].
    intercept : float
        Constant part of the regional total [g d-1].
    penalty : float
        Penalty at which the fit stopped [g2 m-4 d-2].
    r2, r2_cv : float
        R2 in training, and in years that were left out [1].
    """

    candidate: np.ndarray
    theta: np.ndarray
    intercept: float
    penalty: float
    r2: float
    r2_cv: float


EMPTY = RegionalModel(np.array([], int), np.array([]), 0.0, *3 * (float("nan"),))


def every_cell(land_area: np.ndarray) -> RegionalModel:
    """Model of all cells with their own land areas, which is the regional total by definition."""
    if not len(land_area):
        return EMPTY
    nan = float("nan")
    theta = np.round(land_area / THETA_STEP) * THETA_STEP
    return RegionalModel(np.arange(len(land_area)), theta, 0.0, nan, r2=1.0, r2_cv=1.0)


def regression(
    settings: FitSettings, cluster: np.ndarray, land_area: np.ndarray, candidate: np.ndarray
) -> Callable[[np.ndarray, np.ndarray], Fit]:
    """Regression of the chosen method, as a function of only the fluxes and the target.

    Parameters
    ----------
    settings : FitSettings
        Method, ``lasso`` or ``anchored``, and where it stops.
    cluster : ndarray of int, shape (cell,)
        Cluster of each cell of the region.
    land_area : ndarray, shape (cell,)
        Land area of the cells [m2].
    candidate : ndarray of int, shape (candidate,)
        Positions of the candidates among the cells.

    Returns
    -------
    callable
        Takes ``x`` (time, candidate) and ``y`` (time,) [g m-2 d-1] and returns a `Fit`.
    """
    threshold, steps = settings.r2_threshold, settings.n_alphas
    if settings.method == "lasso":
        return partial(lasso_to_r2, r2_threshold=threshold, n_alphas=steps)
    prior = stratum_shares(cluster, land_area, candidate)
    return partial(anchored_to_r2, prior=prior, r2_threshold=threshold, n_alphas=steps)


def fit_region(
    nee: np.ndarray,
    land_area: np.ndarray,
    cluster: np.ndarray,
    candidate: np.ndarray,
    year: np.ndarray,
    settings: FitSettings,
) -> RegionalModel:
    """Fit the regional total as a linear function of the candidates' fluxes.

    Parameters
    ----------
    nee : ndarray, shape (cell, month)
        Monthly mean NEE of all cells of the region [g m-2 d-1].
    land_area : ndarray, shape (cell,)
        Land area of the cells [m2].
    cluster : ndarray of int, shape (cell,)
        Clusters, which are the strata of the candidates.
    candidate : ndarray of int, shape (candidate,)
        Positions of the cells that may contribute.
    year : ndarray of int, shape (month,)
        Year of each month, for the blocks of the cross-validation.
    settings : FitSettings
        Method, where it stops, and number of blocks.

    Returns
    -------
    RegionalModel
        Rounded coefficients, and R2 in training and in cross-validation.
    """
    area = land_area.sum()
    x, y = nee[candidate].T, land_area @ nee / area
    method = regression(settings, cluster, land_area, candidate)
    fit = method(x, y)
    held_out = cross_validated_r2(method, x, y, year_blocks(year, settings.n_cv_folds))
    return RegionalModel(
        candidate=candidate,
        theta=np.round(fit.share * area / THETA_STEP) * THETA_STEP,
        intercept=float(np.round(fit.intercept * area / INTERCEPT_STEP) * INTERCEPT_STEP),
        penalty=fit.penalty,
        r2=fit.r2,
        r2_cv=held_out,
    )
