"""The forward stage at the size of a 0.5 degree run, stopped after a few of its 262 blocks.

The drivers, the store and its layout have full size. The whole run takes ten CPU minutes, with
``benchmarks/full_size_forward.py``.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BLOCKS, ALL_BLOCKS = 8, 262
MAX_PEAK = 4.0  # GB
MAX_CPU = 20 * 60.0  # s, for all blocks


def program(*words):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.full_size_forward", *words],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def measured(folder, blocks):
    return json.loads(program("run", str(folder), str(blocks)).splitlines()[-1])


@pytest.mark.benchmark(group="forward run at 0.5 degree")
def test_blocks_of_the_stage(benchmark, tmp_path):
    program("write", str(tmp_path))
    start_up = measured(tmp_path, 0)
    found = benchmark.pedantic(measured, (tmp_path, BLOCKS), rounds=1)
    a_block = (found["cpu_s"] - start_up["cpu_s"]) / BLOCKS
    cpu = start_up["cpu_s"] + ALL_BLOCKS * a_block
    benchmark.extra_info |= found | {"cpu_minutes_of_all_blocks": round(cpu / 60, 1)}
    assert found["blocks"] == BLOCKS
    assert cpu <= MAX_CPU
    assert found["peak_gb"] <= MAX_PEAK
