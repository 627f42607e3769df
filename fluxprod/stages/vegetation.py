"""MODIS composites as means over the plant functional types of each cell."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.drivers.nearest_donors import nearest_donors, too_sparse
from fluxprod.drivers.patches import Patches
from fluxprod.grid import Grid
from fluxprod.params import Compute, Vegetation, World
from fluxprod.readers.landcover import find_land_cover
from fluxprod.readers.modis import QUANTITIES, Composite, empty_steps, find_composites
from fluxprod.stages._code import file_digest
from fluxprod.stages._patch_means import Place, Task, patch_means, patches_at
from fluxprod.stages._run import run
from fluxprod.stages._work import each
from fluxprod.writers.interim import MISSING, PACKED
from fluxprod.writers.vegetation_store import vegetation_store


def main(
    *,
    modis: Path,
    geography: Path,
    vegetation: Path,
    world: World,
    compute: Compute,
    params: Vegetation,
) -> None:
    modis, geography = modis.absolute(), geography.absolute()
    files = find_land_cover(modis), geography
    place = Place(*files, world.resolution, tuple(map(file_digest, files)))
    patches, grid = patches_at(place), Grid(world.resolution)
    found = {key: find_composites(modis, key, world.years, params.outages) for key in QUANTITIES}
    _say_what_is_lost(found)
    axes = {
        f"time_{key.lower()}": (QUANTITIES[key], pd.DatetimeIndex([c.time for c in composites]))
        for key, composites in found.items()
    }
    of_patches = {f"patch_{name}": values for name, values in patches._asdict().items()}
    means = each(
        patch_means, _tasks(place, found), compute,
        description="vegetation", files=(modis, geography),
    )  # fmt: skip
    with vegetation_store(vegetation, of_patches, axes) as store:
        for key, composites in found.items():  # one product at a time is held
            series = _series(QUANTITIES[key], composites, means, len(patches.cell))
            while series:
                name, values = series.popitem()
                store.write(name, _filled(values, patches, grid, params.max_gap))
                del values


def _say_what_is_lost(found: dict[str, list[Composite]]) -> None:
    for key, composites in found.items():
        if lost := empty_steps(composites):
            days = ", ".join(f"{day:%F}" for day in lost)
            print(f"vegetation: {key} around {days} lost to known outages", flush=True)


def _tasks(place: Place, found: dict[str, list[Composite]]) -> list[Task]:
    return [
        Task(place, QUANTITIES[key], composite.sources)
        for key, composites in found.items()
        for composite in composites
        if composite.sources
    ]


def _series(
    names: tuple[str, ...],
    composites: list[Composite],
    means: Iterator[list[np.ndarray]],
    n_patches: int,
) -> dict[str, np.ndarray]:
    """Packed series of quantities, each of shape (composite, patch), from the next of the means."""
    series = {name: np.full((len(composites), n_patches), MISSING, PACKED) for name in names}
    for row, composite in enumerate(composites):
        if composite.sources:
            for name, mean in zip(names, next(means)):
                series[name][row] = mean
    return series


def _filled(series: np.ndarray, patches: Patches, grid: Grid, max_gap: float) -> np.ndarray:
    """Give patches without a usable series that of the nearest patch of their type."""
    empty = too_sparse(series == MISSING, max_gap)
    series[:, empty] = MISSING
    donor = nearest_donors(empty, patches, grid)
    series[:, empty] = series[:, donor[empty]]
    return series


if __name__ == "__main__":
    run(main)
