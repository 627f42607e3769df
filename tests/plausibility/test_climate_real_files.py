"""The limits of climate and surface temperature leave real data untouched."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.grid import Grid, regrid
from fluxprod.core.scores import pearson_r
from fluxprod.plausibility.climate import precipitation, radiation, temperature
from fluxprod.plausibility.displacement import displacement
from fluxprod.plausibility.vegetation import surface
from tests.plausibility.globe import reference


@pytest.fixture(scope="module")
def era5(realdata):
    path = realdata / "grids" / "era5_climatology_2000_2025_0p5deg.nc"
    with xr.open_dataset(path) as source:
        return source.rename(latitude="lat", longitude="lon").load()


@pytest.mark.parametrize("resolution", [0.5, 1.0, 2.0, 4.0])
def test_era5_is_where_its_climatology_is(era5, resolution):
    grid = Grid(resolution)
    air = regrid(era5.t2m, grid).mean("month")
    found = displacement(air, reference().TA.mean("month"))
    assert found.r > temperature.R.warn[0]
    assert found.where == ""
    rain, normal = (
        np.log(field.clip(min=0.0).mean("month") + precipitation.DRY)
        for field in (regrid(era5.tp, grid) * 12.0 / 365.25, reference().P)
    )
    found = displacement(rain, normal)
    assert found.r > precipitation.R.warn[0]
    assert found.where == ""


def test_two_columns_of_half_a_degree_are_noticed(era5):
    moved = era5.t2m.mean("month").roll(lon=2, roll_coords=False)
    found = displacement(moved, reference().TA.mean("month"))
    assert found.where == "moved 1 cell west"  # of 1 degree


def test_few_cells_of_era5_are_far_from_its_climatology(era5):
    grid = Grid(0.5)
    away = era5.t2m.mean("month") - regrid(reference().TA, grid).mean("month")
    assert float((np.abs(away) > temperature.FAR).mean()) < temperature.FAR_CELLS.warn[1]


def test_rain_darkens_the_sky_at_real_sites(realdata):
    """ERA data of the sites, downscaled: as closely related as in the limits, on the same day."""
    fits = []
    for path in sorted((realdata / "fluxnet_daily").glob("*.csv.gz"))[::5]:
        days = pd.read_csv(path, na_values=-9999)
        if {"SW_IN_ERA", "P_ERA"} <= set(days):
            lit = days.SW_IN_POT > 60.0
            fair = (days.SW_IN_ERA / days.SW_IN_POT.where(lit)).to_numpy()
            wet = np.sqrt(days.P_ERA.clip(lower=0.0))
            fits.append([pearson_r(fair, wet.shift(lag).to_numpy()) for lag in (-1, 0, 1)])
    before, same, after = np.median(fits, axis=0)
    assert len(fits) > 5
    assert same < radiation.CLOUDS.warn[1]
    assert same < min(before, after) - 0.1


@pytest.mark.parametrize("name", ["LST_DAY", "LST_NIGHT"])
def test_surface_and_air_at_real_sites(realdata, name):
    table = pd.read_csv(realdata / "towers_monthly" / "towers_monthly.csv")
    table = table[table.modis_gap_filled == 0]
    away = table[name.lower()] - 273.15 - table.ta
    of_months = away.groupby([table.site, table.month]).mean().unstack().dropna()
    low, high = surface.OFFSET[name].stop
    assert len(of_months) > 40
    assert of_months.mean(axis=1).between(low, high).all()
    # a zone has the mean of many sites
    low, high = surface.OFFSET[name].warn
    assert low < of_months.mean(axis=1).mean() < high
