"""Carbon fluxes of the synthetic Earth as raw files: inversions to budget, and the true NEE."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import Grid, cell_area, regrid
from fluxprod.core.time_axis import monthly_axis, monthly_means
from fluxprod.core.units import CARBON_PER_CO2, DAYS_PER_YEAR, PG, SECONDS_PER_DAY
from fluxprod.synthetic.earth.land import Land
from fluxprod.synthetic.earth.world import Earth
from fluxprod.synthetic.native.budget import write_gcb_workbook
from fluxprod.synthetic.native.fluxcom import write_fluxcom_year
from fluxprod.synthetic.native.gfas import write_gfas_year
from fluxprod.synthetic.native.inversions import write_gcp2022, write_rivers
from fluxprod.synthetic.native.regions import write_region_mask
from fluxprod.synthetic.observation.budget import carbon_budget
from fluxprod.synthetic.observation.inversion_errors import (
    SATELLITE_MEMBERS,
    SURFACE_MEMBERS,
    error_size,
    inversion_error,
)
from fluxprod.synthetic.observation.rivers import river_flux
from fluxprod.synthetic.observation.upscaling import upscaled_nee

ONE_DEGREE = Grid(1.0)
FIRST_FIRE_YEAR = 2003  # GFAS starts here
MISSING_MONTHS = {"UoE": 12}  # number of months without data at the start, by member


def on_one_degree(land: Land, of_patches: np.ndarray) -> np.ndarray:
    """Convert a flux per land area (time, patch) to one per 1 degree cell (time, lat, lon)."""
    field = land.on_subgrid(of_patches)
    if land.subgrid == ONE_DEGREE:
        return field
    coords = {"lat": land.subgrid.lat, "lon": land.subgrid.lon}
    return regrid(xr.DataArray(field, coords, ("time", "lat", "lon")), ONE_DEGREE).values


def monthly(daily: np.ndarray, time: pd.DatetimeIndex) -> np.ndarray:
    """Average daily values (time, place) over calendar months, (month, place)."""
    return monthly_means(daily.T, time).T


def write_inversions(earth: Earth, raw: Path) -> None:
    """Write the inversions and the river fluxes that they are adjusted for."""
    land, time = earth.land, earth.weather.time
    months = monthly_axis(time[0].year, time[-1].year)
    rain = earth.normals["P"].reshape(12, -1)[:, land.cell]
    climatology = river_flux(land, earth.carbon, rain)
    river = np.tile(climatology, (len(months) // 12, 1))
    fire = DAYS_PER_YEAR * monthly(earth.fire, time)
    patches = DAYS_PER_YEAR * monthly(earth.carbon.nee, time) + fire[:, land.patch_cell]
    absent = np.broadcast_to(np.nan, (len(months), *ONE_DEGREE.shape))
    size = error_size(land, land.cell_mean(earth.carbon.mean_gpp))
    adjusted = []
    for member in SURFACE_MEMBERS:
        error = inversion_error(land, size, len(months), earth.seed, member)
        field = on_one_degree(land, patches + error[:, land.patch_cell])
        field[: MISSING_MONTHS.get(member, 0)] = np.nan
        adjusted.append(field)
    spread = on_one_degree(land, river[:, land.patch_cell])
    name = "GCP2022_inversions_1x1_version1_1_20221122.nc"
    write_gcp2022(
        raw / "inversions" / name,
        [*(field + spread for field in adjusted), *[absent] * len(SATELLITE_MEMBERS)],
        [*adjusted, *[absent] * len(SATELLITE_MEMBERS)],
        [*SURFACE_MEMBERS, *SATELLITE_MEMBERS],
        months,
    )
    write_rivers(raw / "rivers" / "river_flux_lauerwald_1x1.nc", spread[:12], months[:12])


def write_fires(earth: Earth, folder: Path) -> None:
    """Write yearly GFAS files [kg CO2 m-2 s-1] from 2003 on."""
    land, time = earth.land, earth.weather.time
    for year in sorted(set(time.year)):
        if year >= FIRST_FIRE_YEAR:
            carbon = earth.fire[np.asarray(time.year) == year]
            co2 = carbon / CARBON_PER_CO2 / 1e3 / SECONDS_PER_DAY
            write_gfas_year(folder, year, on_one_degree(land, co2[:, land.patch_cell]))


def write_fluxcom(earth: Earth, folder: Path) -> None:
    """Write the yearly NEE files of the FLUXCOM-like product."""
    time = earth.weather.time
    nee = upscaled_nee(earth.land, earth.weather, earth.composite["fapar"])
    for year in sorted(set(time.year)):
        of_year = nee[np.asarray(time.year) == year]
        write_fluxcom_year(folder, year, earth.land.on_grid(of_year))


def write_budget(earth: Earth, path: Path) -> None:
    """Write the workbook of the Global Carbon Budget."""
    time = earth.weather.time
    total = earth.carbon.nee @ earth.land.patch_area / PG
    annual = pd.Series(total, index=time).groupby(np.asarray(time.year)).sum()
    write_gcb_workbook(path, carbon_budget(annual, earth.seed))


def write_regions(earth: Earth, path: Path) -> None:
    """Write the mask of the 18 regions."""
    number = np.arange(18)[:, None, None]
    write_region_mask(path, earth.region.values[None] == number)


def truth(earth: Earth) -> xr.Dataset:
    """Return the true monthly NEE and mean GPP of the land cells, for the evaluation only."""
    land, time = earth.land, earth.weather.time
    months = monthly_axis(time[0].year, time[-1].year)
    grid = land.grid
    nee = land.on_grid(monthly(land.cell_mean(earth.carbon.nee), time))
    gpp = land.on_grid(land.cell_mean(earth.carbon.mean_gpp))
    area = cell_area(grid.lat_edges, grid.lon_edges)
    plane, cube = ("lat", "lon"), ("time", "lat", "lon")
    return xr.Dataset(
        {
            "NEE_month": (cube, nee.round(4), {"units": "g m-2 d-1", "long_name": "true NEE"}),
            "GPP_mean": (plane, gpp.round(4), {"units": "g m-2 d-1", "long_name": "true GPP"}),
            "land_fraction": (plane, land.on_grid(land.land_fraction, 0.0).round(6)),
            "cell_area": (plane, area.round(0), {"units": "m2"}),
        },
        coords={"time": months, "lat": grid.lat, "lon": grid.lon},
        attrs={"comment": "per m2 of ice-free land, positive to the atmosphere, without fire"},
    )
