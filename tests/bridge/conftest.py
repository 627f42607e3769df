"""A small Earth of two regions: 30 degree cells, two years of days, seasons known."""

import numpy as np
import pytest
import xarray as xr

from fluxprod.bridge.cell_fluxes import cell_fluxes
from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import daily_axis

GRID = Grid(30.0)
CELL = np.arange(36, 66, dtype=np.int32)  # rows 3 to 5, the northern hemisphere without its end
REGION = np.where(np.arange(30) < 16, 6, 10).astype(np.int8)  # EU and RUS


@pytest.fixture(scope="session")
def land() -> xr.Dataset:
    lat, lon = GRID.lat_lon_of(CELL)
    generator = np.random.default_rng(1)
    fraction = generator.dirichlet([1.0, 1.0, 1.0], size=30)
    return xr.Dataset(
        {
            "cell_region": ("cell", REGION),
            "land_area": ("cell", np.round(generator.uniform(1e12, 3e12, 30))),
            "cell_lat": ("cell", lat),
            "cell_lon": ("cell", lon),
            "pft_fraction": (("cell", "pft"), fraction),
        },
        coords={"cell": CELL, "pft": [1, 4, 10]},
    )


@pytest.fixture(scope="session")
def cubes() -> list[xr.DataArray]:
    """Daily NEE of 2003 and 2004; cell 40 has no data, cell 41 is zero throughout."""
    time = daily_axis(2003, 2004)
    generator = np.random.default_rng(2)
    season = np.cos(2 * np.pi * (time.day_of_year.values - 15) / 365.25)
    strength = generator.uniform(0.2, 3.0, size=72)
    nee = strength * (season[:, None] - 0.3) + 0.3 * generator.normal(size=(len(time), 72))
    nee[:, 40], nee[:, 41] = np.nan, 0.0
    cube = xr.DataArray(
        nee.reshape(-1, 6, 12),
        dims=("time", "lat", "lon"),
        coords={"time": time, "lat": GRID.lat, "lon": GRID.lon},
    )
    return [cube.sel(time="2003"), cube.sel(time="2004")]


@pytest.fixture(scope="session")
def fluxes(cubes, land) -> xr.Dataset:
    return cell_fluxes(cubes, GRID, land)
