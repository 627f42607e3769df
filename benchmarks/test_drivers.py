"""Drivers of land cells at full length, 2001 to 2017, compared with straightforward code.

``times_less_cpu`` compares with the straightforward code on fewer cells.
``cpu_minutes_of_67000_cells`` and ``peak_mib`` refer to the whole stage with two processes, outside
the test process; the peak is at most that of the stage plus twice that of its larger worker.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from fluxprod.core.time_axis import calendar_day, daily_axis
from fluxprod.drivers.seasonal_cycle import daily_cycle
from fluxprod.drivers.settings import SoilSettings
from fluxprod.drivers.water_balance import (
    MELT_PER_DEGREE,
    MELT_PER_ENERGY,
    potential_evaporation,
    water_balance,
)
from tests.drivers.made_stores import write_stores

YEARS = range(2001, 2018)
TIME = daily_axis(YEARS[0], YEARS[-1])  # 6,209 days
N_CELLS, ALL_CELLS = 2048, 67_000
N_SITES = 100
N_SERIES = 256  # as many as the stage processes at once
FEW = 10  # cells for the straightforward code
SOIL = SoilSettings(awc_upper=20.0, awc_lower=100.0, theta=0.05, alpha=1.2)
STAGE = """
import json, resource, sys
from pathlib import Path
from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.world import World
from fluxprod.drivers.settings import DriverSettings
from fluxprod.params import block, read_params
from fluxprod.stages.drivers import main
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    main(
        climate=folder / "climate.zarr", vegetation=folder / "vegetation.zarr",
        geography=folder / "geography.nc", towers=folder / "towers.nc",
        drivers=folder / "drivers.zarr", sites=folder / "sites.nc",
        world=World(resolution=0.5, first_year=2001, last_year=2017),
        params=block(read_params(), DriverSettings),
        compute=ComputeSettings(scheduler="local", device="cpu", threads=1, processes=2),
    )
    stage, worker = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(used.ru_utime + used.ru_stime for used in (stage, worker))
    print(json.dumps({"cpu": cpu, "mib": (stage.ru_maxrss + 2 * worker.ru_maxrss) / 1024}))
"""


@pytest.fixture(scope="module")
def weather():
    rng = np.random.default_rng(1)
    shape = (N_SERIES, len(TIME))
    return rng.gamma(0.3, 8.0, shape), rng.normal(8, 12, shape), rng.normal(6, 5, shape)


def cpu_of(function):
    """CPU seconds of one call."""
    start = time.process_time()
    function()
    return time.process_time() - start


def compare_with_plain(benchmark, function, plain, share):
    """Record CPU seconds of both; ``plain`` processes only this share of the cells."""
    function()  # warm up imports and caches
    ours, theirs = min(cpu_of(function) for _ in range(3)), cpu_of(plain) / share
    benchmark.extra_info |= {
        "cpu_s": round(ours, 3),
        "plain_cpu_s": round(theirs, 2),
        "times_less_cpu": round(theirs / ours, 1),
    }
    benchmark.pedantic(function, rounds=3)


def bucket_of_one_cell(p, ta, rn):
    """Lower soil layer [mm] by the same water balance, one number at a time."""
    demand = SOIL.alpha * potential_evaporation(ta, rn)
    upper, lower, snow, held = SOIL.awc_upper, SOIL.awc_lower, 0.0, []
    for rain, t, net, wanted in zip(*(v.tolist() for v in (p, ta, rn, demand)), strict=True):
        frozen = rain if t < 0 else 0.0
        thaw = MELT_PER_DEGREE * t + MELT_PER_ENERGY * max(net, 0.0) if t > 0 else 0.0
        thaw = min(snow + frozen, thaw)
        snow += frozen - thaw
        water = rain - frozen + thaw
        into_upper = min(water, SOIL.awc_upper - upper)
        into_lower = min(water - into_upper, SOIL.awc_lower - lower)
        upper, lower = upper + into_upper, lower + into_lower
        from_upper = min(wanted, SOIL.theta * upper)
        from_lower = min(wanted - from_upper, SOIL.theta * lower)
        upper, lower = upper - from_upper, lower - from_lower
        held.append(lower)
    return held


def test_water_balance(benchmark, weather):
    def ours():
        return water_balance(*weather, SOIL, spinup=0, loops=0).lower

    def plain():
        return [bucket_of_one_cell(*cell) for cell in zip(*(field[:FEW] for field in weather))]

    np.testing.assert_allclose(ours()[:FEW], plain(), atol=1e-9)
    compare_with_plain(benchmark, ours, plain, FEW / N_SERIES)


def test_seasonal_cycle(benchmark, weather):
    series = xr.DataArray(weather[1], dims=("cell", "time"), coords={"time": TIME})

    def ours():
        return daily_cycle(weather[1], calendar_day(TIME))

    def plain():
        return series[:FEW].groupby("time.dayofyear").mean()

    # before 29 February both count days in the same way
    np.testing.assert_allclose(ours()[:FEW, :59], plain().values[:, :59], atol=1e-9)
    compare_with_plain(benchmark, ours, plain, FEW / N_SERIES)


def test_stage_at_full_length(benchmark, tmp_path):
    write_stores(tmp_path, N_CELLS, YEARS, n_sites=N_SITES)
    script = tmp_path / "stage.py"  # a file, as worker processes import the main module
    script.write_text(STAGE)

    def run():
        command = [sys.executable, str(script), str(tmp_path)]
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
