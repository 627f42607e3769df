"""The bridge of one region: from its cells' fluxes to theta, the intercept and their quality."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from fluxprod.bridge.anchored_regression import anchored_to_r2, stratum_shares
from fluxprod.bridge.cross_validation import cross_validated_r2, year_blocks
from fluxprod.bridge.fit import Fit
from fluxprod.bridge.sparse_regression import lasso_to_r2
from fluxprod.core.errors import DataError

SPARSE = ("lasso", "anchored")
METHODS = (*SPARSE, "sampled", "exact")
THETA_STEP = 1e3  # m2, to which coefficients are rounded so that bytes hold on every processor
INTERCEPT_STEP = 1e3  # g d-1


@dataclass(frozen=True)
class Recipe:
    """How a regional model is fitted.

    Parameters
    ----------
    method : str
        ``lasso`` as in the paper, or one that conserves mass: ``anchored``, a sparse model too,
        or, with all cells of the region, ``exact`` and ``sampled``.
    r2_threshold : float
        At which the penalty stops falling [1].
    n_alphas : int
        Penalties of the path.
    n_cv_folds : int
        Blocks of years.
    """

    method: str
    r2_threshold: float
    n_alphas: int
    n_cv_folds: int

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise DataError("params.yaml", "bridge.method", repr(self.method), f"one of {METHODS}")


@dataclass(frozen=True)
class RegionalModel:
    """The sparse linear model of one region.

    Parameters
    ----------
    candidate : ndarray of int, shape (candidate,)
        Positions among the region's cells.
    theta : ndarray, shape (candidate,)
        [m2], zero where a candidate does not contribute.
    intercept : float
        [g d-1].
    penalty, r2, r2_cv : float
        Where the fit stopped, and R2 in training and of years left out [1].
    """

    candidate: np.ndarray
    theta: np.ndarray
    intercept: float
    penalty: float
    r2: float
    r2_cv: float


EMPTY = RegionalModel(np.array([], int), np.array([]), 0.0, *3 * (float("nan"),))


def every_cell(land_area: np.ndarray) -> RegionalModel:
    """All cells of a region at their own land: its total by definition, whatever the fluxes."""
    if not len(land_area):
        return EMPTY
    nothing = float("nan")
    theta = np.round(land_area / THETA_STEP) * THETA_STEP
    return RegionalModel(np.arange(len(land_area)), theta, 0.0, nothing, r2=1.0, r2_cv=1.0)


def regression(
    recipe: Recipe, cluster: np.ndarray, land_area: np.ndarray, candidate: np.ndarray
) -> Callable[[np.ndarray, np.ndarray], Fit]:
    """Give the recipe's regression as a function of the fluxes and the target alone."""
    threshold, steps = recipe.r2_threshold, recipe.n_alphas
    if recipe.method == "lasso":
        return partial(lasso_to_r2, r2_threshold=threshold, n_alphas=steps)
    prior = stratum_shares(cluster, land_area, candidate)
    return partial(anchored_to_r2, prior=prior, r2_threshold=threshold, n_alphas=steps)


def fit_region(
    nee: np.ndarray,
    land_area: np.ndarray,
    cluster: np.ndarray,
    candidate: np.ndarray,
    year: np.ndarray,
    recipe: Recipe,
) -> RegionalModel:
    """Fit the regional total as a linear function of the candidates' fluxes.

    Parameters
    ----------
    nee : ndarray, shape (cell, month)
        Monthly mean NEE of all cells of the region [g m-2 d-1].
    land_area : ndarray, shape (cell,)
        [m2].
    cluster : ndarray of int, shape (cell,)
        Strata of the candidates.
    candidate : ndarray of int
        Positions of the cells that may contribute.
    year : ndarray of int, shape (month,)
        Of each month, for the blocks left out in cross-validation.
    recipe : Recipe

    Returns
    -------
    RegionalModel
    """
    area = land_area.sum()
    x, y = nee[candidate].T, land_area @ nee / area
    method = regression(recipe, cluster, land_area, candidate)
    fit = method(x, y)
    held_out = cross_validated_r2(method, x, y, year_blocks(year, recipe.n_cv_folds))
    return RegionalModel(
        candidate=candidate,
        theta=np.round(fit.share * area / THETA_STEP) * THETA_STEP,
        intercept=float(np.round(fit.intercept * area / INTERCEPT_STEP) * INTERCEPT_STEP),
        penalty=fit.penalty,
        r2=fit.r2,
        r2_cv=held_out,
    )
