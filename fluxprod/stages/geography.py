"""Land cells of the target grid, their plant functional types and regions."""

from pathlib import Path

from fluxprod.geography.land_cells import land_cells
from fluxprod.grid import Grid
from fluxprod.params import Geography, World
from fluxprod.readers.landcover import find_land_cover, read_land_cover
from fluxprod.readers.regions import read_region_mask
from fluxprod.stages._run import run
from fluxprod.writers.interim import write_interim


def main(*, modis: Path, regions: Path, geography: Path, world: World, params: Geography) -> None:
    igbp = read_land_cover(find_land_cover(modis))
    mask = read_region_mask(regions)
    cells = land_cells(
        igbp, mask, Grid(world.resolution), min_land_fraction=params.min_land_fraction
    )
    write_interim(cells, geography)


if __name__ == "__main__":
    run(main)
