"""The bridge at 0.5 degree on made-up land, with smooth seasonal fields, varying years and noise.

``python -m benchmarks.full_size_bridge region`` clusters as many cells as there are in Russia;
``land`` fits the bridges of all 18 regions; ``desert`` clusters nearly isolated cells and, beside
them, as many friendly ones. CPU seconds and peak memory are printed as JSON.
"""

import json
import sys
import time

import numpy as np
import xarray as xr

from benchmarks.full_size_modis import peak_memory
from fluxprod.bridge.clusters import spectral_clusters
from fluxprod.bridge.region import bridge_region
from fluxprod.bridge.settings import BridgeSettings
from fluxprod.core.regions import REGIONS
from fluxprod.core.time_axis import monthly_axis

# thousands of cells in each region, in their order; 67,000 in total
CELLS = (4.4, 6.9, 1.0, 0.8, 2.9, 2.4, 3.0, 4.6, 2.4, 2.6, 15.0, 2.9, 2.6, 4.3, 0.4, 2.0, 1.7, 7.1)
STEPS, MONTHS = 46, 204
CLUSTERS = 12
DESERT = 4_000  # cells of northern Africa at 0.5 degree
SETTINGS = BridgeSettings(
    method="lasso", r2_threshold=0.95, n_alphas=80, n_cv_folds=4, n_clusters=CLUSTERS,
    candidates_per_cluster=4, seed=11, cells_per_step=1,  # the last for ``sampled`` only
)  # fmt: skip


def smooth(n_cells: int, n_fields: int, rng: np.random.Generator) -> np.ndarray:
    """Fields of zero mean and unit variance along a line of cells, shape (field, cell)."""
    place = np.linspace(0.0, 1.0, n_cells)
    wave = rng.integers(1, 9, (n_fields, 8, 1))
    phase = rng.uniform(0.0, 2.0 * np.pi, (n_fields, 8, 1))
    return 0.5 * np.cos(2.0 * np.pi * wave * place + phase).sum(axis=1)


def seasons(n_cells: int, n_steps: int, rng: np.random.Generator) -> np.ndarray:
    """Mean seasonal cycles of uptake in one season and release, (cell, step) [g m-2 d-1]."""
    depth, peak, width, release = smooth(n_cells, 4, rng)[..., None]
    date = np.arange(n_steps) / n_steps - 0.5 - 0.08 * peak
    uptake = np.exp(1.0 + 0.5 * depth) * np.exp(-((date / (0.15 * np.exp(0.3 * width))) ** 2))
    return 0.8 * np.exp(0.4 * release) - uptake + rng.normal(0.0, 0.1, (n_cells, n_steps))


def desert_seasons(n_cells: int, n_steps: int, rng: np.random.Generator) -> np.ndarray:
    """Cycles of a desert whose greener edge, an eighth of the cells, is alike only step by step.

    Most affinities of the edge are the least, and the leading eigenvalues crowd at one.
    """
    green = np.clip(np.arange(n_cells) - 7 * n_cells / 8, 0.0, None)[:, None] * 0.01
    season = seasons(1, n_steps, np.random.default_rng(1))
    return green * season + rng.normal(0.0, 0.01, (n_cells, n_steps))


def monthly(n_cells: int, rng: np.random.Generator) -> np.ndarray:
    """Monthly fluxes of season, smooth weather and noise, shape (cell, month) [g m-2 d-1]."""
    weather = rng.normal(0.0, 0.3, (MONTHS, 20)) @ smooth(n_cells, 20, rng) / 2.0
    noise = rng.normal(0.0, 0.2, (n_cells, MONTHS))
    return np.tile(seasons(n_cells, 12, rng), MONTHS // 12) + weather.T + noise


def land() -> xr.Dataset:
    """All cells with seasonal cycles and monthly fluxes, as from `cell_fluxes.cell_fluxes`."""
    rng = np.random.default_rng(1)
    counts = [round(1000 * thousands) for thousands in CELLS]
    return xr.Dataset(
        {
            "cycle": (("cell", "step"), np.concatenate([seasons(n, STEPS, rng) for n in counts])),
            "NEE_month": (("cell", "time"), np.concatenate([monthly(n, rng) for n in counts])),
            "cell_region": ("cell", np.repeat(np.arange(len(counts)), counts)),
            "land_area": ("cell", rng.uniform(1e9, 3e9, sum(counts))),
        },
        coords={"time": monthly_axis(2001, 2017)},
    )


def cluster_region() -> dict:
    """Cluster the cells of the largest region."""
    cycle = seasons(15_000, STEPS, np.random.default_rng(1))
    start = time.process_time()
    label = spectral_clusters(cycle, CLUSTERS, seed=11)
    return {"cpu_s": time.process_time() - start, "clusters": int(label.max()) + 1}


def cluster_desert() -> dict:
    """Cluster a desert and its edge, and as many cells of `seasons`."""
    seconds, rng = [], np.random.default_rng(1)
    spectral_clusters(seasons(100, STEPS, rng), CLUSTERS, seed=11)  # compiles the distances
    for cycle in (seasons(DESERT, STEPS, rng), desert_seasons(DESERT, STEPS, rng)):
        start = time.process_time()
        label = spectral_clusters(cycle, CLUSTERS, seed=11)
        seconds.append(time.process_time() - start)
    return {"ratio": seconds[1] / seconds[0], "cpu_s": seconds[1], "clusters": int(label.max()) + 1}


def bridge_land() -> dict:
    """Fit the bridges of all regions with the settings of the paper."""
    fluxes = land()
    start = time.process_time()
    models = [bridge_region(fluxes, r.number, SETTINGS).model for r in REGIONS]
    taken = time.process_time() - start
    return {"cpu_s": taken, "cells": fluxes.sizes["cell"], "lowest_r2": min(m.r2 for m in models)}


if __name__ == "__main__":
    what = {"region": cluster_region, "desert": cluster_desert, "land": bridge_land}[sys.argv[1]]()
    print(json.dumps(what | {"peak_gb": peak_memory()}))  # noqa: T201
