"""Average MODIS composites over the plant functional types of each cell."""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.code import file_digest
from fluxprod.compute.workers.tasks import map_tasks
from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.core.variables import VARIABLES
from fluxprod.core.world import World
from fluxprod.drivers.patches.cover import Patches, patches_of
from fluxprod.drivers.patches.nearest_donors import nearest_donors, too_sparse
from fluxprod.drivers.patches.patch_mean import PatchMean
from fluxprod.readers.interim import read_interim
from fluxprod.readers.modis.composite import read_composite
from fluxprod.readers.modis.composites import (
    QUANTITIES,
    Composite,
    Source,
    find_composites,
    lost_composites,
)
from fluxprod.readers.modis.land_cover import find_land_cover, read_land_cover
from fluxprod.readers.modis.pixels import Pixels
from fluxprod.readers.modis.settings import VegetationSettings
from fluxprod.stages._run import run
from fluxprod.writers.interim import MISSING, PACKED
from fluxprod.writers.vegetation_store import packed, vegetation_store


class PatchInputs(NamedTuple):
    """What determines the patch of each pixel.

    Parameters
    ----------
    land_cover, geography : Path
        File of land cover, and file of the land cells.
    resolution : float
        Cell size of the target grid [degree].
    digests : tuple of str
        SHA-256 of both files, because a Dask worker may have cached others with the same paths.
    """

    land_cover: Path
    geography: Path
    resolution: float
    digests: tuple[str, ...]


class CompositeTask(NamedTuple):
    """One composite to average over patches."""

    inputs: PatchInputs
    names: tuple[str, ...]
    sources: tuple[Source, ...]


def main(
    *,
    modis: Path,
    geography: Path,
    vegetation: Path,
    world: World,
    compute: ComputeSettings,
    params: VegetationSettings,
) -> None:
    modis, geography = modis.absolute(), geography.absolute()
    files = find_land_cover(modis), geography
    inputs = PatchInputs(*files, world.resolution, tuple(map(file_digest, files)))
    patches, grid = read_patches(inputs), Grid(world.resolution)
    found = {key: find_composites(modis, key, world.years, params.outages) for key in QUANTITIES}
    _report_outages(found)
    axes = {
        f"time_{key.lower()}": (QUANTITIES[key], pd.DatetimeIndex([c.time for c in composites]))
        for key, composites in found.items()
    }
    of_patches = {f"patch_{name}": values for name, values in patches._asdict().items()}
    means = map_tasks(
        patch_means, _tasks(inputs, found), compute,
        description="vegetation", files=(modis, geography),
    )  # fmt: skip
    with vegetation_store(vegetation, of_patches, axes) as store:
        for key, composites in found.items():  # only one product at a time is held in memory
            series = _series(QUANTITIES[key], composites, means, len(patches.cell))
            while series:
                name, values = series.popitem()
                store.write(name, _filled(values, patches, grid, params.max_gap))
                del values


def _report_outages(found: dict[str, list[Composite]]) -> None:
    for key, composites in found.items():
        if lost := lost_composites(composites):
            days = ", ".join(f"{day:%F}" for day in lost)
            print(f"vegetation: {key} around {days} lost to known outages", flush=True)


def _tasks(inputs: PatchInputs, found: dict[str, list[Composite]]) -> list[CompositeTask]:
    return [
        CompositeTask(inputs, QUANTITIES[key], composite.sources)
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
    """Collect the next means as packed series of quantities, each of shape (composite, patch)."""
    series = {name: np.full((len(composites), n_patches), MISSING, PACKED) for name in names}
    for row, composite in enumerate(composites):
        if composite.sources:
            for name, mean in zip(names, next(means)):
                series[name][row] = mean
    return series


def _filled(series: np.ndarray, patches: Patches, grid: Grid, max_gap: float) -> np.ndarray:
    """Replace unusable series by those of the nearest patch of the same type."""
    empty = too_sparse(series == MISSING, max_gap)
    series[:, empty] = MISSING
    donor = nearest_donors(empty, patches, grid)
    series[:, empty] = series[:, donor[empty]]
    return series


def read_patches(inputs: PatchInputs) -> Patches:
    """List the patches of the land cells."""
    land = read_interim(inputs.geography)
    return patches_of(land.cell.values, land.pft.values, land.pft_fraction.values)


@functools.lru_cache(maxsize=1)
def _patch_mean(inputs: PatchInputs) -> tuple[PatchMean, Pixels]:
    """Prepare the means over patches, once in each process."""
    land_cover = read_land_cover(inputs.land_cover)
    mean = PatchMean(read_patches(inputs), land_cover, Grid(inputs.resolution))
    return mean, Pixels(mean.pixel, mean.shape)


def patch_means(task: CompositeTask) -> list[np.ndarray]:
    """Compute packed means of the quantities of a composite, each of shape (patch,)."""
    mean, pixels = _patch_mean(task.inputs)
    fields = read_composite(task.sources, pixels)
    return [_packed_mean(mean, name, fields[name], task.sources[0].path) for name in task.names]


def _packed_mean(mean: PatchMean, name: str, field: np.ndarray, path: Path) -> np.ndarray:
    try:
        return packed(name, mean(field))
    except ValueError as error:
        low, high = VARIABLES[name].valid
        expected = f"{low:g} to {high:g} {VARIABLES[name].units}"
        raise DataError(path, name, error, expected, "download it again") from error


if __name__ == "__main__":
    run(main)
