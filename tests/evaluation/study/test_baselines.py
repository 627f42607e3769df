import numpy as np
import pytest

from fluxprod.evaluation.study.baselines import (
    forests,
    nested_regressions,
    pooled_error,
    regression_fold_prediction,
    ridges,
)

RNG = np.random.default_rng(5)
X = RNG.normal(size=(120, 3)) * [1.0, 10.0, 0.1] + [0.0, 280.0, 1.0]
LAW = 2.0 * X[:, 0] + 0.3 * (X[:, 1] - 280.0)
NOISE = RNG.normal(size=120)
GROUP = np.arange(120) % 4
INNER = np.stack([np.where(GROUP == f, -1, (GROUP - f) % 4 - 1) for f in range(4)])
ALPHAS = [1e-3, 1e6]


def test_the_penalty_follows_the_data():
    assert regression_fold_prediction(X, LAW, INNER[0], ridges(ALPHAS))[1].setting == 1e-3
    # forty drivers and sixty records leave a plain least-squares fit nothing but noise
    wide = RNG.normal(size=(120, 40))
    assert regression_fold_prediction(wide, NOISE, INNER[0], ridges(ALPHAS))[1].setting == 1e6


def test_ridge_is_the_closed_form():
    """(X'X + alpha) beta = X'y on standardised drivers, about the mean (Hoerl & Kennard 1970)."""
    estimate, _ = regression_fold_prediction(X, LAW + NOISE, INNER[0], ridges([10.0]))
    seen, y = INNER[0] >= 0, LAW + NOISE
    z = (X - X[seen].mean(axis=0)) / X[seen].std(axis=0)
    gram = z[seen].T @ z[seen] + 10.0 * np.eye(3)
    beta = np.linalg.solve(gram, z[seen].T @ (y[seen] - y[seen].mean()))
    assert estimate == pytest.approx(z[~seen] @ beta + y[seen].mean())


@pytest.mark.parametrize(
    "candidates",
    [ridges(ALPHAS), forests([1, 20], n_trees=5, seed=1, processes=1)],
    ids=["ridge", "forest"],
)
def test_scored_records_are_not_used(candidates):
    hidden = np.where(INNER[1] < 0, np.nan, LAW)
    seen, _ = regression_fold_prediction(X, LAW, INNER[1], candidates)
    blind, _ = regression_fold_prediction(X, hidden, INNER[1], candidates)
    assert (seen == blind).all()


def test_small_leaves_for_a_law_large_ones_for_noise():
    candidates = forests([1, 20], n_trees=10, seed=1, processes=1)
    assert regression_fold_prediction(X, LAW, INNER[0], candidates)[1].setting == 1
    assert regression_fold_prediction(X, NOISE, INNER[0], candidates)[1].setting == 20


def test_error_is_pooled_over_records():
    """With an infinite penalty the prediction is the mean of the other folds."""
    squares = []
    for held_out in range(3):
        validation = INNER[0] == held_out
        others = (INNER[0] >= 0) & ~validation
        squares.extend((LAW[validation] - LAW[others].mean()) ** 2)
    model = ridges([1e12])[1e12]
    assert pooled_error(X, LAW, INNER[0], model) == pytest.approx(np.mean(squares))


def test_one_part_per_fold():
    parts = list(nested_regressions(X, LAW, INNER, ridges(ALPHAS)))
    assert [len(values) for values, _ in parts] == [30, 30, 30, 30]
