"""The drivers of Table A2 at a cell and at a tower, from known values of each quantity."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import daily_axis
from fluxprod.drivers.cells import cell_drivers
from fluxprod.drivers.patches.cover import Patches
from fluxprod.drivers.table_a2 import Composites, Weather
from fluxprod.drivers.tower_records import (
    patches_near,
    sites_without_records,
    tower_drivers,
    tower_records,
    tower_weather,
)
from tests.drivers.made_settings import SETTINGS as AS_SHIPPED

TIME = daily_axis(2003, 2004)
LATER = np.asarray(TIME.year == 2004)
SETTINGS = AS_SHIPPED.changed(spinup_loops=1, msc_first_year=2003, msc_last_year=2004)
GRID = Grid(2.0)
CELL = GRID.cell_of(np.array([1.0]), np.array([1.0]))  # cell of the patches, on the equator
PATCHES = Patches(np.repeat(CELL, 2), np.array([1, 10]), np.array([0.75, 0.25]))  # ENF, GRA


def middles(every, first):
    days = [f"{year}-01-{first:02d}" for year in (2003, 2004)]
    return pd.DatetimeIndex(
        np.concatenate([pd.date_range(d, periods=23, freq=every) for d in days])
    )


def constant(low, high, time):
    return Composites(np.repeat([[low], [high]], len(time), axis=1), time)


def dip(low, high, at, time):
    """As `constant`, but `at` in one composite of 2003, which lowers the two-year mean by half."""
    field = constant(low, high, time)
    field.values[:, 5] = at
    return field


@pytest.fixture
def composites():
    sixteen, eight = middles("16D", 9), middles("8D", 5)
    evi = constant(0.2, 0.6, sixteen)
    evi.values[:, 23:] += 0.2  # 0.4 and 0.8 in 2004
    return {
        "EVI": evi,
        "NDVI": constant(0.5, 0.9, sixteen),
        "FPAR": constant(0.2, 0.6, eight),
        "LST_DAY": constant(300.0, 280.0, eight),
        "LST_NIGHT": constant(280.0, 270.0, eight),
        "NDWI": dip(0.1, 0.3, -0.3, eight),
        "BAND4": dip(0.05, 0.10, 0.25, eight),
    }


def weather(lat=1.0):
    """100 W m-2 in 2003, 300 in 2004; 20 degC; some rain."""
    radiation = np.where(LATER, 300.0, 100.0)[None]
    return Weather(np.full_like(radiation, 20.0), radiation, radiation / 100, np.array([lat]), TIME)


def test_a_cell_averages_its_patches(composites):
    got = cell_drivers(weather(), CELL, PATCHES, composites, SETTINGS).isel(cell=0)
    # products before means: (0.2 x 100 + 0.4 x 300) / 2 = 70, (0.6 x 100 + 0.8 x 300) / 2 = 150
    assert got.MSC_EVIRpot.values[100:300] == pytest.approx(0.75 * 70 + 0.25 * 150)
    assert got.MSC_FparLST.values == pytest.approx(0.75 * 0.2 * 300 + 0.25 * 0.6 * 280)
    assert got.MSC_LST_Night.values == pytest.approx(0.75 * 280 + 0.25 * 270)
    # NDVI 0.6; the sun of 21 March at the equator gives S0 / pi
    assert float(got.Rg_VIMSC.sel(calendar_day=81)) == pytest.approx(0.6 * 1376 / np.pi, rel=0.01)
    # 0.1 and -0.3 on the same day: -0.1; 0.3 and -0.3: 0
    assert float(got.MIN_MSC_NDWI) == pytest.approx(0.75 * -0.1, abs=1e-9)
    assert float(got.AMP_Band4) == pytest.approx(0.75 * 0.10 + 0.25 * 0.075)
    assert float(got.AMP_MSC_NDVI) == pytest.approx(0.0)
    assert (got.Tair == 20.0).all()


def test_the_amplitude_of_water_is_that_of_its_mean_year(composites):
    got = cell_drivers(weather(), CELL, PATCHES, composites, SETTINGS).isel(cell=0)
    wai = pd.Series(got.WAI2.values, index=TIME)
    cycle = wai[~((TIME.month == 2) & (TIME.day == 29))]
    mean = cycle.groupby([cycle.index.month, cycle.index.day]).mean()
    assert np.ptp(wai) > float(got.AMP_MSC_WAI) > 0.0
    assert float(got.AMP_MSC_WAI) == pytest.approx(np.ptp(mean), rel=1e-9)


@pytest.fixture
def towers():
    """A grassland tower with NEE on two days and no temperature in 2003, and a copy far at sea."""
    nee = np.full((1, len(TIME)), np.nan)
    nee[0, [10, 425]] = -1.0, 2.0  # 11 January 2003 and 1 March 2004
    fields = {"NEE": nee, "TA": np.where(LATER, 15.0, np.nan)[None]}
    fields |= {"SW_IN": weather().sw_in, "P": weather().p}
    facts = {"lat": [1.2, 1.2], "lon": [0.8, 90.0], "igbp": 2 * ["GRA"], "fold": [3, 4]}
    return xr.Dataset(
        {name: (("site", "time"), np.repeat(values, 2, axis=0)) for name, values in fields.items()}
        | {name: ("site", values) for name, values in facts.items()},
        coords={"site": ["AA-Bbb", "AA-Sea"], "time": TIME},
    )


def test_a_tower_takes_its_own_type_and_weather(composites, towers):
    reanalysis = {"TA": np.full((1, len(TIME)), 8.0), "SW_IN": weather().sw_in, "P": weather().p}
    climate = xr.Dataset(
        {name: (("cell", "time"), values) for name, values in reanalysis.items()},
        coords={"cell": CELL, "time": TIME},
    )
    local = tower_weather(towers, climate, GRID)
    near = patches_near(towers, PATCHES, GRID)
    assert [list(positions) for positions in near] == [[1], []]
    igbp = towers.igbp.values
    drivers = tower_drivers(local, near, PATCHES.share, composites, SETTINGS, igbp=igbp)
    records = tower_records(towers, drivers, np.array([8, 8]))
    assert sites_without_records(records) == ["AA-Sea"]
    assert records.NEE.values.tolist() == [-1.0, 2.0]
    assert records.time.values.tolist() == TIME[[10, 425]].tolist()
    first, second = (dict(zip(records.driver.values, row)) for row in records.x.values)
    assert (first["Tair"], second["Tair"]) == (8.0, 15.0)  # reanalysis, then the tower
    assert second["MSC_EVIRpot"] == pytest.approx(
        150.0, abs=0.01
    )  # of grassland, not of the whole cell
    assert second["MSC_LST_Night"] == pytest.approx(270.0, abs=0.01)
    assert second["AMP_Band4"] == pytest.approx(0.075, abs=1e-4)
    # 1 March is calendar day 61 in every year
    rpot = float(drivers.Rg_VIMSC.sel(calendar_day=61)[0])
    assert second["Rg_VIMSC"] == pytest.approx(rpot, abs=0.01)
    assert int(records.fold[0]) == 3
