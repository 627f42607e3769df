"""The bridge at 0.5 degree: a region of 15,000 cells, a desert, and 18 regions with 67,000 cells.

Each runs in a process of its own, so that peak memories are separate; CPU times exclude the set-up.
All regions together take two CPU minutes.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MAX_REGION_CPU = 360.0  # s
MAX_LAND_CPU = 40 * 60.0  # s
MAX_PEAK = 4.0  # GB
MAX_DESERT_RATIO = 10.0  # of CPU times; 3 where it was measured
GROUP = pytest.mark.benchmark(group="bridge at 0.5 degree")


def measured(benchmark, what):
    command = [sys.executable, "-m", "benchmarks.full_size_bridge", what]
    run = {"cwd": Path(__file__).parent.parent, "capture_output": True, "text": True}
    done = benchmark.pedantic(subprocess.run, (command,), run, rounds=1)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    benchmark.extra_info.update(figures)
    return figures


@GROUP
def test_clusters_of_a_region(benchmark):
    figures = measured(benchmark, "region")
    assert figures["clusters"] == 12
    assert figures["cpu_s"] <= MAX_REGION_CPU
    assert figures["peak_gb"] <= MAX_PEAK


@GROUP
def test_nearly_isolated_cells_beside_friendly_ones(benchmark):
    figures = measured(benchmark, "desert")
    assert figures["clusters"] >= 12
    assert figures["ratio"] <= MAX_DESERT_RATIO
    assert figures["peak_gb"] <= MAX_PEAK


@GROUP
def test_all_regions(benchmark):
    figures = measured(benchmark, "land")
    assert figures["cells"] == 67_000
    assert figures["lowest_r2"] >= 0.95
    assert figures["cpu_s"] <= MAX_LAND_CPU
    assert figures["peak_gb"] <= MAX_PEAK
