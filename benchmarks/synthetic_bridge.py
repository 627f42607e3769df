"""Time from land cover and FLUXCOM to the bridge on a synthetic Earth of any seed and resolution.

``python -m benchmarks.synthetic_bridge SEED RESOLUTION`` writes the raw files of 2001 to 2004 into
a temporary folder, 0.2 GB at 0.5 degree, and prints as JSON the CPU seconds of each step, those of
``bridge`` by region, the lowest R2 and the peak memory. Settings are those of ``params.yaml``.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xarray as xr

from benchmarks.full_size_modis import peak_memory
from benchmarks.synthetic_fluxcom import write_raw
from fluxprod.bridge.cell_fluxes import cell_fluxes
from fluxprod.bridge.operator import bridge_dataset
from fluxprod.bridge.region import bridge_region
from fluxprod.bridge.settings import BridgeSettings
from fluxprod.core.grid import Grid
from fluxprod.core.regions import REGIONS
from fluxprod.core.world import World
from fluxprod.geography.settings import GeographySettings
from fluxprod.params import block, checked_params
from fluxprod.readers.fluxcom import fluxcom_years
from fluxprod.readers.interim import read_interim
from fluxprod.stages import geography


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Result of some work and its CPU time [s]."""
    start = time.process_time()
    result = work()
    return result, round(time.process_time() - start, 1)


def land_and_fluxes(raw: Path, world: World) -> tuple[xr.Dataset, dict]:
    """Fluxes of the cells, and the CPU seconds of ``geography`` and of reading FLUXCOM."""
    settings = block(checked_params(), GeographySettings)
    path = raw / "geography.nc"
    _, of_land = timed(
        lambda: geography.main(
            modis=raw / "modis", regions=raw / "regions", geography=path, world=world,
            params=settings,
        )
    )  # fmt: skip
    cubes = fluxcom_years(raw / "fluxcom", world.years)
    fluxes, of_cells = timed(lambda: cell_fluxes(cubes, Grid(world.resolution), read_interim(path)))
    return fluxes, {"geography": of_land, "reading FLUXCOM": of_cells}


def bridge(fluxes: xr.Dataset) -> tuple[xr.Dataset, dict]:
    """Fit all regions as the stage ``bridge`` does, and the CPU seconds of each."""
    settings = block(checked_params(), BridgeSettings)
    parts, seconds = zip(
        *(timed(lambda n=r.number: bridge_region(fluxes, n, settings)) for r in REGIONS),
        strict=True,
    )
    models = bridge_dataset(
        parts, fluxes, method=settings.method, cells_per_step=settings.cells_per_step
    )
    assert (models.n_contributions > 0).all(), "a region without a bridge"
    return models, {r.abbreviation: s for r, s in zip(REGIONS, seconds, strict=True)}


def measure(seed: int, world: World, folder: Path) -> dict:
    """CPU seconds of all steps [s], number of land cells and peak memory [GB]."""
    _, synthesis = timed(lambda: write_raw(folder / "raw", world.resolution, world.years, seed))
    fluxes, seconds = land_and_fluxes(folder / "raw", world)
    models, regions = bridge(fluxes)
    return {
        "seed": seed,
        "resolution": world.resolution,
        "cells": fluxes.sizes["cell"],
        "synthesis": synthesis,
        **seconds,
        "bridge": round(sum(regions.values()), 1),
        "regions": regions,
        "lowest_r2": float(models.r2.min()),
        "peak_gb": round(peak_memory(), 1),
    }


if __name__ == "__main__":
    world = World(resolution=float(sys.argv[2]), first_year=2001, last_year=2004)
    with TemporaryDirectory() as folder:
        figures = measure(int(sys.argv[1]), world, Path(folder))
    print(json.dumps(figures))  # noqa: T201
