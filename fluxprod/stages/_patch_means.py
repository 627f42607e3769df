"""Patch means of one composite: what a process of the vegetation stage does."""

import functools
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fluxprod.drivers.patch_mean import PatchMean
from fluxprod.drivers.patches import Patches, patches_of
from fluxprod.errors import DataError
from fluxprod.grid import Grid
from fluxprod.readers.interim import read_interim
from fluxprod.readers.landcover import read_land_cover
from fluxprod.readers.modis import Source
from fluxprod.readers.modis_composite import read_composite
from fluxprod.readers.pixels import Pixels
from fluxprod.variables import VARIABLES
from fluxprod.writers.vegetation_store import packed


class Place(NamedTuple):
    """What says which pixel belongs to which patch.

    Parameters
    ----------
    land_cover, geography : Path
    resolution : float
        [degree].
    digests : tuple of str
        Of the two files: a Dask worker may remember others that had the same paths.
    """

    land_cover: Path
    geography: Path
    resolution: float
    digests: tuple[str, ...]


class Task(NamedTuple):
    """One composite of a place."""

    place: Place
    names: tuple[str, ...]
    sources: tuple[Source, ...]


def patches_at(place: Place) -> Patches:
    """Patches of the land cells."""
    land = read_interim(place.geography)
    return patches_of(land.cell.values, land.pft.values, land.pft_fraction.values)


@functools.lru_cache(maxsize=1)
def _mean_at(place: Place) -> tuple[PatchMean, Pixels]:
    """Worked out once in each process."""
    land_cover = read_land_cover(place.land_cover)
    mean = PatchMean(patches_at(place), land_cover, Grid(place.resolution))
    return mean, Pixels(mean.pixel, mean.shape)


def patch_means(task: Task) -> list[np.ndarray]:
    """Packed means of the quantities of a composite, each of shape (patch,)."""
    mean, pixels = _mean_at(task.place)
    fields = read_composite(task.sources, pixels)
    return [_packed_mean(mean, name, fields[name], task.sources[0].path) for name in task.names]


def _packed_mean(mean: PatchMean, name: str, field: np.ndarray, path: Path) -> np.ndarray:
    try:
        return packed(name, mean(field))
    except ValueError as error:
        low, high = VARIABLES[name].valid
        expected = f"{low:g} to {high:g} {VARIABLES[name].units}"
        raise DataError(path, name, error, expected, "get it again") from error
