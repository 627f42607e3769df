"""Baseline regressions on the drivers and folds of the networks, tuned on inner folds by site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.base import RegressorMixin, clone
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


@dataclass(frozen=True)
class RegressionChoice:
    """Best candidate on the inner folds of one scored fold.

    Attributes
    ----------
    setting : float
        Setting of the candidate: leaf size or alpha.
    error : float
        Mean squared error over all inner folds [(g m-2 d-1)^2].
    """

    setting: float
    error: float


def forests(
    leaf_sizes: list[int], *, n_trees: int, seed: int, processes: int
) -> dict[float, RegressorMixin]:
    """Random forests, keyed by the minimum number of records in a leaf.

    Each split chooses among a third of the drivers, which is usual for regression (Breiman 2001,
    doi:10.1023/A:1010933404324).
    """
    return {
        size: RandomForestRegressor(
            n_trees,
            min_samples_leaf=size,
            max_features=1 / 3,
            random_state=seed,
            n_jobs=processes,
        )
        for size in leaf_sizes
    }


def boostings(leaf_sizes: list[int], *, n_rounds: int, seed: int) -> dict[float, RegressorMixin]:
    """Histogram gradient boosting, keyed by the minimum number of records in a leaf."""
    return {
        size: HistGradientBoostingRegressor(
            max_iter=n_rounds, min_samples_leaf=size, early_stopping=False, random_state=seed
        )
        for size in leaf_sizes
    }


def ridges(alphas: list[float]) -> dict[float, RegressorMixin]:
    """Ridge regressions on standardised drivers, keyed by their penalty."""
    return {alpha: make_pipeline(StandardScaler(), Ridge(alpha)) for alpha in alphas}


def nested_regressions(
    x: np.ndarray, y: np.ndarray, inner: np.ndarray, candidates: Mapping[float, RegressorMixin]
) -> Iterator[tuple[np.ndarray, RegressionChoice]]:
    """Estimate the records of each scored fold in turn.

    Parameters
    ----------
    x, y : ndarray, shape (record, driver) and (record,)
        See `regression_fold_prediction`.
    inner : ndarray of int, shape (fold, record)
        Inner fold of each record for each scored fold, negative where it is scored.
    candidates : dict of regressor
        Candidates by setting.

    Yields
    ------
    estimate : ndarray, shape (scored record,)
        NEE [g m-2 d-1].
    choice : RegressionChoice
        Best candidate of the fold.
    """
    for of_fold in inner:
        yield regression_fold_prediction(x, y, of_fold, candidates)


def regression_fold_prediction(
    x: np.ndarray, y: np.ndarray, inner: np.ndarray, candidates: Mapping[float, RegressorMixin]
) -> tuple[np.ndarray, RegressionChoice]:
    """Choose a candidate on the inner folds, refit it on all of them, estimate the scored records.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their own units.
    y : ndarray, shape (record,)
        NEE [g m-2 d-1].
    inner : ndarray of int, shape (record,)
        Inner fold of each record, negative where it is scored.
    candidates : dict of regressor
        Candidates by setting.

    Returns
    -------
    estimate : ndarray, shape (scored record,)
        NEE [g m-2 d-1].
    choice : RegressionChoice
        Best candidate.
    """
    choices = [
        RegressionChoice(setting, pooled_error(x, y, inner, model))
        for setting, model in candidates.items()
    ]
    choice = min(choices, key=lambda choice: choice.error)
    model = clone(candidates[choice.setting]).fit(x[inner >= 0], y[inner >= 0])
    return model.predict(x[inner < 0]), choice


def pooled_error(x: np.ndarray, y: np.ndarray, inner: np.ndarray, model: RegressorMixin) -> float:
    """Mean squared error over the records of all inner folds [(g m-2 d-1)^2]."""
    squares = 0.0
    for held_out in range(inner.max() + 1):
        validation = inner == held_out
        training = (inner >= 0) & ~validation
        fitted = clone(model).fit(x[training], y[training])
        squares += ((fitted.predict(x[validation]) - y[validation]) ** 2).sum()
    return float(squares / (inner >= 0).sum())
