"""Adjust inversions for fires and rivers, and sum them to regional monthly totals."""

from pathlib import Path

import numpy as np
import xarray as xr
from rich.progress import track

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, regrid
from fluxprod.core.time_axis import monthly_axis
from fluxprod.core.world import World
from fluxprod.inversions.adjustment import fill_with_climatology
from fluxprod.inversions.ensemble import component_totals, maps, summarise
from fluxprod.inversions.regional import shared_area
from fluxprod.inversions.settings import InversionSettings
from fluxprod.readers.interim import read_interim
from fluxprod.readers.inversions.ensemble import FLUX_VARIABLES, read_inversions
from fluxprod.readers.inversions.gfas import read_gfas_monthly
from fluxprod.readers.inversions.rivers import read_rivers
from fluxprod.stages._run import run
from fluxprod.writers.interim import write_interim


def main(
    *,
    inversions: Path,
    gfas: Path,
    rivers: Path,
    geography: Path,
    regional: Path,
    world: World,
    params: InversionSettings,
) -> None:
    variable = FLUX_VARIABLES[params.rivers]
    flux = read_inversions(inversions, params.members, variable=variable, years=world.years).flux
    land = read_interim(geography)
    area = shared_area(land.region, flux.lat.values, flux.lon.values)
    native = _native_grid(inversions, flux)
    fire, is_climatology = fill_with_climatology(
        read_gfas_monthly(gfas, world.years, grid=native),
        monthly_axis(world.first_year, world.last_year),
    )
    components = {"FIRE": fire}
    if params.rivers == "separate":
        river = read_rivers(rivers, world.years, inversions=inversions)
        river = river.fillna(0.0)  # there are none at sea
        components["RIVER"] = regrid(river, native)
    members = track(flux, description="inversions")
    totals, mean = summarise(members, list(components.values()), area)
    for name, component in components.items():
        totals = totals.merge(component_totals(name, component, area))
    totals["fire_is_climatology"] = "time", is_climatology
    totals = totals.merge(maps(mean, Grid(world.resolution), land.cell.values))
    write_interim(totals, regional)


def _native_grid(path: Path, flux: xr.DataArray) -> Grid:
    grid = Grid(180.0 / flux.sizes["lat"])
    for name in ("lat", "lon"):
        found, expected = flux[name].values, getattr(grid, name)
        if len(found) != len(expected) or not np.allclose(found, expected, atol=1e-3):
            raise DataError(
                path, name, f"{found[0]} to {found[-1]}", f"{expected[0]} to {expected[-1]}"
            )
    return grid


if __name__ == "__main__":
    run(main)
