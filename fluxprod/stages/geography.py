"""Determine the land cells of the target grid, their plant functional types and regions."""

from pathlib import Path

import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.core.world import World
from fluxprod.geography.country_mask import country_mask
from fluxprod.geography.land_cells import land_cells
from fluxprod.geography.settings import GeographySettings
from fluxprod.readers.modis.land_cover import find_land_cover, read_land_cover
from fluxprod.readers.regions.countries import find_countries, read_countries
from fluxprod.readers.regions.mask import has_region_mask, read_region_mask
from fluxprod.stages._run import run
from fluxprod.writers.interim import write_interim


def main(
    *, modis: Path, regions: Path, geography: Path, world: World, params: GeographySettings
) -> None:
    igbp = read_land_cover(find_land_cover(modis))
    mask = region_mask(regions)
    cells = land_cells(
        igbp, mask, Grid(world.resolution), min_land_fraction=params.min_land_fraction
    )
    write_interim(cells, geography)


def region_mask(folder: Path) -> xr.DataArray:
    """Read the mask of regions or, if there is none, form the regions as unions of countries.

    Parameters
    ----------
    folder : Path
        Folder of raw files, or the mask itself.

    Raises
    ------
    DataError
        If there is neither a mask nor a file of countries, or if a country is on no list.
    """
    if folder.is_file() or has_region_mask(folder):
        return read_region_mask(folder)
    path = find_countries(folder)
    if path is None:
        expected = "a mask *mask*.nc, or the countries of Natural Earth"
        raise DataError(
            folder, "regions", "neither file", expected, "see docs/decisions/0010-regions.md"
        )
    try:
        return country_mask(read_countries(path))
    except ValueError as error:
        raise DataError(
            path, "countries", error, "the countries listed in fluxprod/geography"
        ) from error


if __name__ == "__main__":
    run(main)
