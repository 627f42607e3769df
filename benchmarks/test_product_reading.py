"""Reading the product at 0.5 degree, each time in a new process, including start and imports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MAX_WALL = 2.0  # s
ROUNDS = 3
pytestmark = pytest.mark.benchmark(group="reading the product at 0.5 degree")


def run(what, folder):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.full_size_product", what, str(folder)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    """Folder of the files, and their sizes."""
    folder = tmp_path_factory.mktemp("product")
    return folder, run("write", folder)


@pytest.mark.parametrize(("what", "found"), [("cell", {"days": 6205}), ("month", {"cells": 61266})])
def test_reading(benchmark, product, what, found):
    folder, sizes = product
    benchmark.extra_info.update(sizes)
    assert benchmark.pedantic(run, (what, folder), rounds=ROUNDS) == found
    assert benchmark.stats.stats.min <= MAX_WALL
