"""From a full-size MOD13C1 composite to 0.5 degree fields by type, compared with plain xarray.

``pytest benchmarks --benchmark-only`` prints the CPU seconds of both ways in one table.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks import full_size_modis as full_size

MAX_CPU = 4.0  # s per variable
MAX_PEAK = 1.5  # GB
CPU_TIME = pytest.mark.benchmark(group="MOD13C1, NDVI and EVI", timer=time.process_time)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("modis")
    full_size.write_world(folder)
    return folder


def in_a_process(way, folder):
    command = [sys.executable, "-m", "benchmarks.full_size_modis", way, str(folder)]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@CPU_TIME
def test_patch_means(benchmark, world):
    mean, pixels, patches = full_size.setup(world)
    got = benchmark.pedantic(full_size.ours, (world, mean, pixels), rounds=3)
    alone = in_a_process("ours", world)
    benchmark.extra_info.update(alone, n_patches=len(patches.cell), n_pixels=len(pixels.flat))
    assert benchmark.stats["mean"] / len(full_size.NAMES) <= MAX_CPU
    assert alone["cpu_s"] / len(full_size.NAMES) <= MAX_CPU
    assert alone["peak_gb"] <= MAX_PEAK
    expected = full_size.plain(world)
    row, column = np.divmod(patches.cell, full_size.COARSE.shape[1])
    for name, values in got.items():
        same = expected[name][patches.pft - 1, row, column]
        np.testing.assert_allclose(values, same, rtol=0, atol=1e-6)


@CPU_TIME
def test_plain_xarray(benchmark, world):
    benchmark.pedantic(full_size.plain, (world,), rounds=1)
    benchmark.extra_info.update(in_a_process("plain", world))
