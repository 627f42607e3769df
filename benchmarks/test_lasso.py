"""The Lasso that stops at R2 >= 0.95, with 204 months and 300 candidates, against scikit-learn.

``times_less_cpu`` compares the least CPU times within one run, all on one thread. The loops over
scikit-learn fit the same penalties to the same tolerance and stop at the same penalty.
"""

import time

import numpy as np
import pytest
from sklearn.linear_model import Lasso, lasso_path

from benchmarks.full_size_bridge import monthly
from fluxprod.bridge.fit import explained_variance
from fluxprod.bridge.sparse_regression import (
    MAX_SWEEPS,
    PENALTY_RANGE,
    TOLERANCE,
    lasso_to_r2,
)

N_CELLS, N_CANDIDATES, N_ALPHAS = 3000, 300, 80
THRESHOLD = 0.95
GROUP = pytest.mark.benchmark(group="Lasso to R2, 204 x 300", timer=time.process_time)


@pytest.fixture(scope="module")
def region():
    nee = monthly(N_CELLS, np.random.default_rng(5))
    return np.ascontiguousarray(nee[:: N_CELLS // N_CANDIDATES].T), nee.mean(axis=0)


def ours(x, y):
    return lasso_to_r2(x, y, r2_threshold=THRESHOLD, n_alphas=N_ALPHAS).share


def alphas(x, y):
    first = np.abs((x - x.mean(axis=0)).T @ (y - y.mean())).max() / len(y)
    return first * np.geomspace(1.0, PENALTY_RANGE, N_ALPHAS)


def cold_loop(x, y):
    """The simplest way: a new model for every penalty."""
    for alpha in alphas(x, y):
        model = Lasso(alpha=alpha, tol=TOLERANCE, max_iter=MAX_SWEEPS).fit(x, y)
        if model.score(x, y) >= THRESHOLD:
            break
    return model.coef_


def warm_loop(x, y):
    """Every fit starts from the coefficients of the last one."""
    model = Lasso(warm_start=True, tol=TOLERANCE, max_iter=MAX_SWEEPS)
    for alpha in alphas(x, y):
        if model.set_params(alpha=alpha).fit(x, y).score(x, y) >= THRESHOLD:
            break
    return model.coef_


def whole_path(x, y):
    """The full path of scikit-learn over all penalties, searched afterwards."""
    anomaly, target = x - x.mean(axis=0), y - y.mean()
    _, share, _ = lasso_path(
        anomaly, target, alphas=alphas(x, y), tol=TOLERANCE, max_iter=MAX_SWEEPS
    )
    enough = [explained_variance(anomaly @ column, target) >= THRESHOLD for column in share.T]
    return share[:, np.argmax(enough)]


@GROUP
def test_path_that_stops(benchmark, region):
    share = benchmark.pedantic(ours, region, rounds=9, warmup_rounds=1)
    benchmark.extra_info["contributions"] = int((share != 0).sum())


@GROUP
@pytest.mark.parametrize(
    ("way", "rounds", "least"),
    [(cold_loop, 5, 4.0), (warm_loop, 5, 1.5), (whole_path, 2, 30.0)],
    ids=["cold loop", "warm loop", "whole path"],
)
def test_plain_way(benchmark, region, way, rounds, least):
    taken = []
    for _ in range(9):
        start = time.process_time()
        share = ours(*region)
        taken.append(time.process_time() - start)
    other = benchmark.pedantic(way, region, rounds=rounds, warmup_rounds=1)
    ratio = benchmark.stats["min"] / min(taken)
    benchmark.extra_info["times_less_cpu"] = round(ratio, 1)
    np.testing.assert_allclose(region[0] @ other, region[0] @ share, atol=0.02)
    assert ratio >= least
