"""Weather of the synthetic Earth as global ERA5 files, oceans included."""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.radiation import potential_radiation
from fluxprod.core.units import METRES_PER_MILLIMETRE, SECONDS_PER_DAY, ZERO_CELSIUS
from fluxprod.synthetic.earth.humidity import dewpoint, vapour_deficit
from fluxprod.synthetic.earth.normals import daily_normals
from fluxprod.synthetic.earth.world import Earth
from fluxprod.synthetic.native.era5 import write_era5_year

SEA_CLEARNESS = 0.58  # [1] over oceans, where no weather is simulated


def era5_year(earth: Earth, year: int) -> dict[str, xr.DataArray]:
    """Build the fields of a year: t2m and d2m [K], ssrd [J m-2 d-1] and tp [m d-1].

    Each has the dimensions (time, lat, lon).
    """
    of_year = np.asarray(earth.weather.time.year) == year
    days, grid = earth.weather.time[of_year], earth.land.grid
    air = daily_normals(earth.normals["TA"], days)
    rain = daily_normals(earth.normals["P"], days)
    light, potential = np.empty_like(air), potential_radiation(grid.lat, days.day_of_year).T
    light[...] = SEA_CLEARNESS * potential[:, :, None]
    row, column = np.divmod(earth.land.cell, grid.shape[1])
    for field, source in (
        (air, earth.weather.TA),
        (rain, earth.weather.P),
        (light, earth.weather.SW_IN),
    ):
        field[:, row, column] = source[of_year]
    moist = dewpoint(air, vapour_deficit(air, light, potential[:, :, None]))
    native = {
        "t2m": air + ZERO_CELSIUS,
        "d2m": moist + ZERO_CELSIUS,
        "ssrd": light * SECONDS_PER_DAY,
        "tp": rain * METRES_PER_MILLIMETRE,
    }
    coords = {"time": days, "lat": grid.lat, "lon": grid.lon}
    return {
        name: xr.DataArray(values, coords, ("time", "lat", "lon"))
        for name, values in native.items()
    }


def write_weather(earth: Earth, folder: Path) -> None:
    """Write one ERA5 file per year and variable."""
    for year in sorted(set(earth.weather.time.year)):
        for name, field in era5_year(earth, year).items():
            write_era5_year(folder, name, field, year)
