"""Daily drivers beyond Table A2: numbers worked out by hand, and towers that equal their cells."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import daily_axis
from fluxprod.core.variables import VPD_DRIVERS, driver_names
from fluxprod.drivers.cells import cell_drivers, weather_of_years
from fluxprod.drivers.daily import light_use, memories, trailing_mean
from fluxprod.drivers.patches.cover import Patches
from fluxprod.drivers.plant_types import cell_shares, tower_shares
from fluxprod.drivers.table_a2 import Composites, Weather
from fluxprod.drivers.tower_records import tower_drivers, tower_records, tower_weather
from fluxprod.drivers.vegetation_store import QUANTITIES
from tests.drivers.made_settings import SETTINGS as AS_SHIPPED

TIME = daily_axis(2003, 2004)
SETTINGS = AS_SHIPPED.changed(spinup_loops=1, msc_first_year=2003, msc_last_year=2004)
GRID = Grid(2.0)
CELL = GRID.cell_of(np.array([45.0, 45.0, 45.0]), np.array([1.0, 3.0, 5.0]))
TYPES = {1: "ENF", 10: "GRA", 9: "SAV"}
PATCHES = Patches(CELL, np.array(list(TYPES)), np.ones(3))  # one type in each cell


def weather(*, deficit=True):
    rng = np.random.default_rng(8)
    shape = len(CELL), len(TIME)
    ta, sw_in, p = rng.normal(10, 8, shape), rng.uniform(5, 300, shape), rng.gamma(0.3, 8, shape)
    vpd = rng.uniform(0, 20, shape) if deficit else None
    return Weather(ta, sw_in, p, GRID.lat_lon_of(CELL)[0], TIME, vpd)


def composites():
    rng = np.random.default_rng(9)
    middle = pd.DatetimeIndex(
        np.concatenate([pd.date_range(f"{y}-01-09", periods=23, freq="16D") for y in (2003, 2004)])
    )
    return {
        name: Composites(rng.uniform(0.1, 0.6, (3, len(middle))) + 280 * ("LST" in name), middle)
        for name in QUANTITIES
    }


def test_trailing_means_by_hand():
    values = np.array([[7.0, 1.0, 4.0, 0.0, 8.0]])
    # 7/1, (7+1)/2, (7+1+4)/3, (1+4+0)/3, (4+0+8)/3
    np.testing.assert_allclose(trailing_mean(values, 3), [[7, 4, 4, 5 / 3, 4]], rtol=1e-14)
    np.testing.assert_array_equal(trailing_mean(values, 1), values)
    # shorter than the window: the mean of the days so far
    np.testing.assert_allclose(trailing_mean(values, 30), [[7, 4, 4, 3, 4]], rtol=1e-14)


def test_trailing_means_of_float32_are_made_in_double_precision():
    values = np.full((1, 6209), 0.1, np.float32)
    means = trailing_mean(values, 30)
    assert means.dtype == np.float64
    np.testing.assert_allclose(means, np.float64(np.float32(0.1)), rtol=1e-10)


def test_a_memory_knows_no_later_day():
    changed = weather()
    changed.vpd[:, 100:] += 5.0
    before, after = memories(weather()), memories(changed)
    for name in ("VPD_7", "VPD_30"):
        np.testing.assert_array_equal(before[name][:, :100], after[name][:, :100])
        assert (after[name][:, 100] > before[name][:, 100]).all()
    # 5 hPa more on one of 7 days
    np.testing.assert_allclose((after["VPD_7"] - before["VPD_7"])[:, 100], 5 / 7)


def test_light_use_counts_calendar_days():
    """1 March is day 61 of a cycle in every year."""
    cycle = np.arange(1.0, 367.0)[None] / 1000
    time = pd.DatetimeIndex(["2003-02-28", "2003-03-01", "2004-02-29", "2004-03-01"])
    found = light_use(dict.fromkeys(("FPAR", "NDVI", "EVI"), cycle), np.full((1, 4), 200.0), time)
    np.testing.assert_allclose(found["FPAR_SW_IN"], [[11.8, 12.2, 12.0, 12.2]])
    assert found["MSC_FPAR"] is cycle


def test_shares_of_types_by_hand():
    # ENF, GRA and CVM in the first cell; bare land and woody savanna in the second
    patches = Patches(
        np.array([4, 4, 4, 7, 7]), np.array([1, 10, 14, 16, 8]), np.array([0.5, 0.2, 0.3, 0.9, 0.1])
    )
    found = {
        name: shares.tolist() for name, shares in cell_shares(patches, np.array([4, 7])).items()
    }
    assert found["PFT_ENF"] == [0.5, 0.0]
    assert found["PFT_GRA"] == [0.5, 0.0]
    assert found["PFT_SAV"] == [0.0, 0.1]
    assert sum(sum(shares) for shares in found.values()) == pytest.approx(1.1)  # bare land has none


def test_a_tower_is_wholly_of_its_class():
    found = tower_shares(np.array(["CVM", "OSH", "BSV", "DNF"]))
    ones = {name: shares.tolist() for name, shares in found.items() if shares.any()}
    assert ones == {"PFT_GRA": [1, 0, 0, 0], "PFT_SH": [0, 1, 0, 0]}


@pytest.mark.parametrize("deficit", [True, False])
def test_towers_with_the_weather_and_cover_of_their_cells_have_their_drivers(deficit):
    cells = cell_drivers(weather(deficit=deficit), CELL, PATCHES, composites(), SETTINGS)
    towers = tower_drivers(
        weather(deficit=deficit),
        [np.array([row]) for row in range(3)],
        PATCHES.share,
        composites(),
        SETTINGS,
        igbp=np.array(list(TYPES.values())),
    )
    names = driver_names(anomalies=False, deficit=deficit)
    assert set(cells.data_vars) == set(towers.data_vars) == set(names)
    assert set(VPD_DRIVERS) & set(names) == (set(VPD_DRIVERS) if deficit else set())
    for name in names:
        np.testing.assert_allclose(towers[name].values, cells[name].values, rtol=1e-12, atol=1e-12)


def tower_files(*, deficit):
    """Towers without weather of their own but for VPD on some days, and the climate of cells."""
    of_cells = weather(deficit=deficit)
    fields = {"TA": of_cells.ta, "SW_IN": of_cells.sw_in, "P": of_cells.p}
    fields |= {"VPD": of_cells.vpd} if deficit else {}
    climate = xr.Dataset(
        {name: (("cell", "time"), values) for name, values in fields.items()},
        {"cell": CELL, "time": TIME},
    )
    missing = np.full((3, len(TIME)), np.nan)
    own = missing.copy()
    own[0], own[1, ::2] = 30.0, 40.0  # the third has none
    series = {"NEE": np.ones_like(missing), "VPD": own} | dict.fromkeys(
        ("TA", "SW_IN", "P"), missing
    )
    lat, lon = GRID.lat_lon_of(CELL)
    facts = {"lat": lat, "lon": lon, "igbp": list(TYPES.values()), "fold": [0, 1, 2]}
    towers = xr.Dataset(
        {name: (("site", "time"), values) for name, values in series.items()}
        | {name: ("site", values) for name, values in facts.items()},
        {"site": ["AA-Aaa", "AA-Bbb", "AA-Ccc"], "time": TIME},
    )
    return towers, climate


def test_gaps_in_the_deficit_of_towers_are_those_of_their_cells():
    towers, climate = tower_files(deficit=True)
    vpd = tower_weather(towers, climate, GRID).vpd
    assert (vpd[0] == 30.0).all()
    assert (vpd[1, ::2] == 40.0).all()
    np.testing.assert_array_equal(vpd[1, 1::2], climate.VPD.values[1, 1::2])
    np.testing.assert_array_equal(vpd[2], climate.VPD.values[2])


def test_without_a_dewpoint_no_tower_is_lost_and_none_has_a_deficit():
    records = {}
    for deficit in (True, False):
        towers, climate = tower_files(deficit=deficit)
        local = tower_weather(towers, climate, GRID)
        assert (local.vpd is None) == (not deficit)
        near, igbp = [np.array([row]) for row in range(3)], towers.igbp.values
        drivers = tower_drivers(local, near, PATCHES.share, composites(), SETTINGS, igbp=igbp)
        records[deficit] = tower_records(towers, drivers, np.array([1, 1, 1]))
    assert records[False].sizes["record"] == records[True].sizes["record"] == 3 * len(TIME)
    both = records[False].driver.values
    assert set(records[True].driver.values) - set(both) == set(VPD_DRIVERS)
    assert records[False].x.identical(records[True].x.sel(driver=both))


def test_the_years_of_cycles_keep_the_deficit():
    one_year = weather_of_years(weather(), 2004, 2004)
    np.testing.assert_array_equal(one_year.vpd, weather().vpd[:, 365:])
    assert weather_of_years(weather(deficit=False), 2004, 2004).vpd is None
