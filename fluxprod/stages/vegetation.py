"""MODIS composites as means over the plant functional types of each cell."""

from pathlib import Path

import numpy as np
import xarray as xr
from rich.progress import track

from fluxprod.drivers.patches import PatchMean, filled_from_nearest, patches_of, too_sparse
from fluxprod.grid import Grid
from fluxprod.params import Vegetation, World
from fluxprod.readers.interim import read_interim
from fluxprod.readers.landcover import find_land_cover, read_land_cover
from fluxprod.readers.modis import PRODUCTS, find_composites, read_composite
from fluxprod.stages._run import run
from fluxprod.writers.interim import write_interim


def main(
    *, modis: Path, geography: Path, vegetation: Path, world: World, params: Vegetation
) -> None:
    land = read_interim(geography)
    patches = patches_of(land.cell.values, land.pft.values, land.pft_fraction.values)
    grid = Grid(world.resolution)
    mean = PatchMean(patches, read_land_cover(find_land_cover(modis)), grid)
    store = xr.Dataset(
        {
            "patch_cell": ("patch", patches.cell),
            "patch_pft": ("patch", patches.pft),
            "patch_share": ("patch", patches.share),
        }
    )
    for product, names in PRODUCTS.items():
        files = find_composites(modis, product, world.years)
        series = np.full((len(names), mean.n_patches, len(files)), np.nan)
        for k, path in enumerate(track(list(files.values()), description=product)):
            fields = read_composite(product, path)
            for row, name in enumerate(names):
                series[row, :, k] = mean(fields[name].values)
        time = f"time_{product.lower()}"
        for row, name in enumerate(names):
            series[row, too_sparse(series[row], params.max_gap)] = np.nan
            whole = filled_from_nearest(series[row], patches, grid)
            store[name] = (("patch", time), whole)
        store[time] = (time, list(files))
    write_interim(store, vegetation)


if __name__ == "__main__":
    run(main)
