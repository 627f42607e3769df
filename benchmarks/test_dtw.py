"""Dynamic time warping of all pairs of seasonal cycles, compared with existing libraries.

``times_less_cpu`` compares with the kernel of this package in the same run; all use one thread.
tslearn is installed by ``pip install .[bench]``; aeon requires an older numba.
"""

import time

import numpy as np
import pytest
from dtaidistance import dtw

from benchmarks.full_size_bridge import STEPS, seasons
from fluxprod.bridge.similarity import dtw_distances

N_SERIES = 400
CELLS = N_SERIES * (N_SERIES - 1) / 2 * STEPS**2  # in all warping matrices
LEAST_RATIO = 10.0  # times less CPU than the C library
TOLERANCE = 1e-5
GROUP = pytest.mark.benchmark(group="DTW, 400 series of 46 steps", timer=time.process_time)


@pytest.fixture(scope="module")
def series():
    return seasons(N_SERIES, STEPS, np.random.default_rng(3))


@pytest.fixture(scope="module")
def ours(series):
    """Distances and the least CPU time of several runs, without compilation [s]."""
    dtw_distances(series[:2])
    taken = []
    for _ in range(5):
        start = time.process_time()
        distance = dtw_distances(series)
        taken.append(time.process_time() - start)
    return distance, min(taken)


def compare(benchmark, series, ours, library, rounds):
    """Measure a library, and how many times less CPU the kernel takes."""
    other = np.asarray(benchmark.pedantic(library, (series,), rounds=rounds))
    distance, taken = ours
    ratio = benchmark.stats["min"] / taken
    benchmark.extra_info.update(
        times_less_cpu=round(ratio, 1), ns_per_cell=benchmark.stats["min"] / CELLS * 1e9
    )
    pairs = np.triu_indices(N_SERIES, 1)
    np.testing.assert_allclose(distance[pairs], other[pairs], rtol=TOLERANCE)
    return ratio


@GROUP
def test_simd_across_pairs(benchmark, series, ours):
    benchmark.pedantic(dtw_distances, (series,), rounds=5)
    benchmark.extra_info["ns_per_cell"] = benchmark.stats["min"] / CELLS * 1e9


@GROUP
def test_dtaidistance(benchmark, series, ours):
    def library(values):
        return dtw.distance_matrix_fast(values, parallel=False)

    assert compare(benchmark, series, ours, library, rounds=3) >= LEAST_RATIO


@GROUP
def test_tslearn(benchmark, series, ours):
    metrics = pytest.importorskip("tslearn.metrics", reason="pip install .[bench]")
    metrics.cdist_dtw(series[:2])
    assert compare(benchmark, series, ours, metrics.cdist_dtw, rounds=2) >= LEAST_RATIO
