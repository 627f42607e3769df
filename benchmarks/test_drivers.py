"""Drivers of land cells at their full length, 2001 to 2017, beside what one would write first.

``cpu_minutes_of_67000_cells`` and ``peak_mib`` are of the whole stage in a process of its own, so
that nothing else of the test run counts.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from fluxprod.drivers.seasonal_cycle import daily_cycle
from fluxprod.drivers.water_balance import Soil, water_balance
from fluxprod.time_axis import calendar_day, daily_axis
from tests.drivers.made_stores import write_stores

YEARS = range(2001, 2018)
TIME = daily_axis(YEARS[0], YEARS[-1])  # 6,209 days
N_CELLS, ALL_CELLS = 2048, 67_000
SOIL = Soil(20.0, 100.0, 0.05, 1.2)
STAGE = """
import json, resource, sys
from pathlib import Path
from fluxprod.params import Compute, Drivers, World, block, read_params
from fluxprod.stages.drivers import main
folder = Path(sys.argv[1])
main(
    climate=folder / "climate.zarr", vegetation=folder / "vegetation.zarr",
    geography=folder / "geography.nc", towers=folder / "towers.nc",
    drivers=folder / "drivers.zarr", sites=folder / "sites.nc", world=World(0.5, 2001, 2017),
    params=block(read_params(), Drivers), compute=Compute("local", "cpu", 1, 1),
)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024}))
"""


@pytest.fixture(scope="module")
def weather():
    rng = np.random.default_rng(1)
    shape = (200, len(TIME))
    return rng.gamma(0.3, 8.0, shape), rng.normal(8, 12, shape), rng.normal(6, 5, shape)


def of_process(benchmark, function):
    """CPU seconds of a call, as pytest-benchmark keeps them."""
    start = time.process_time()
    result = benchmark.pedantic(function, rounds=3, warmup_rounds=1)
    benchmark.extra_info["cpu_s"] = round((time.process_time() - start) / 4, 3)
    return result


def bucket_of_one_cell(p, ta, rn):
    """The same water balance, a number at a time."""
    wet = water_balance(p[None, :1], ta[None, :1], rn[None, :1], SOIL, spinup=0, loops=0)
    upper, lower = float(wet.upper[0, 0]), float(wet.lower[0, 0])
    for rain, demand in zip(p, np.maximum(rn, 0.0) / 2.45):
        into_upper = min(rain, SOIL.awc_upper - upper)
        into_lower = min(rain - into_upper, SOIL.awc_lower - lower)
        from_upper = min(demand, SOIL.theta * (upper + into_upper))
        upper += into_upper - from_upper
        lower += into_lower
        lower -= min(demand - from_upper, SOIL.theta * lower)
    return lower


@pytest.mark.benchmark(group="water balance of 200 cells")
def test_water_balance_over_cells(benchmark, weather):
    of_process(benchmark, lambda: water_balance(*weather, SOIL, spinup=0, loops=0))


@pytest.mark.benchmark(group="water balance of 200 cells")
def test_water_balance_cell_by_cell(benchmark, weather):
    of_process(benchmark, lambda: [bucket_of_one_cell(*cell) for cell in zip(*weather)])


@pytest.mark.benchmark(group="mean seasonal cycle of 200 daily series")
def test_seasonal_cycle_over_cells(benchmark, weather):
    of_process(benchmark, lambda: daily_cycle(weather[1], calendar_day(TIME)))


@pytest.mark.benchmark(group="mean seasonal cycle of 200 daily series")
def test_seasonal_cycle_by_xarray_groupby(benchmark, weather):
    series = xr.DataArray(weather[1], dims=("cell", "time"), coords={"time": TIME})
    of_process(benchmark, lambda: series.groupby("time.dayofyear").mean())


@pytest.mark.benchmark(group="the drivers stage")
def test_stage_at_full_length(benchmark, tmp_path):
    write_stores(tmp_path, N_CELLS, YEARS)

    def run():
        command = [sys.executable, "-c", STAGE, str(tmp_path)]
        root = Path(__file__).parent.parent
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
        return json.loads(done.stdout.splitlines()[-1])

    used = benchmark.pedantic(run, rounds=1)
    minutes = used["cpu"] * ALL_CELLS / N_CELLS / 60
    benchmark.extra_info |= {
        "cpu_minutes_of_67000_cells": round(minutes, 1),
        "peak_mib": round(used["mib"]),
    }
    assert minutes < 20
    assert used["mib"] < 3 * 1024
