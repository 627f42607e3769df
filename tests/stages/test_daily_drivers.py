"""Drivers beyond Table A2 of three cells and three towers, recomputed from the stage's inputs.

The recomputation uses pandas and none of fluxprod's code; water and potential radiation, which need
more of it, are recomputed in tests/drivers/test_slow_oracle.py.
"""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.variables import DRIVERS, VARIABLES
from fluxprod.core.world import World
from fluxprod.drivers.settings import DriverSettings
from fluxprod.stages import drivers as stage
from fluxprod.writers.interim import write_interim
from tests.conftest import ROOT
from tests.drivers.made_stores import PFT, write_stores

YEARS = range(2003, 2005)
THREE = (0, 2, 4)  # cells
CODES = {1: "ENF", 4: "DBF", 8: "WSA", 10: "GRA", 12: "CRO"}  # of the stores' patches
OF_TOWERS = (10, 4, 8)  # classes; each tower stands in the cell of its position


def run(folder):
    block = yaml.safe_load((ROOT / "params.yaml").read_text())["drivers"]
    folders = {"climate": "climate.zarr", "vegetation": "vegetation.zarr"}
    files = {"geography": "geography.nc", "towers": "towers.nc"}
    outputs = {"drivers": "drivers.zarr", "sites": "sites.nc"}
    stage.main(
        **{flag: folder / name for flag, name in (folders | files | outputs).items()},
        world=World(resolution=0.5, first_year=YEARS[0], last_year=YEARS[-1]),
        params=DriverSettings(**block),
        compute=ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1),
    )


def with_towers_of_their_own(folder):
    """Give towers classes of their own, and the second one some weather of its own."""
    towers = xr.load_dataset(folder / "towers.nc")
    rng = np.random.default_rng(4)
    for name, high in {"SW_IN": 400.0, "VPD": 30.0, "P": 20.0}.items():
        own = rng.uniform(0.0, high, towers.sizes["time"])
        own[rng.random(len(own)) < 0.3] = np.nan
        towers[name][1] = own
    towers["igbp"] = ("site", [CODES[number] for number in OF_TOWERS])
    write_interim(towers, folder / "towers.nc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("daily")
    write_stores(folder, 5, YEARS)
    with_towers_of_their_own(folder)
    run(folder)
    return folder


@pytest.fixture(scope="module")
def without_deficit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dry")
    write_stores(folder, 5, YEARS, deficit=False)
    with_towers_of_their_own(folder)
    run(folder)
    return folder


def plain_cycle(values, time):
    """Mean of each composite over the years, interpolated to the days 1 to 365 of a ring."""
    by_step = pd.Series(values, index=time.day_of_year).groupby(level=0).mean().dropna()
    days = by_step.index.to_numpy()
    around = np.concatenate([days - 365, days, days + 365])
    return np.interp(np.arange(1, 366), around, np.tile(by_step.to_numpy(), 3))


def plain_drivers(weather, cycles):
    """By name, from daily weather as Series and cycles of 365 days."""
    found = {}
    for name, series in weather.items():
        found[name] = series
        for days in (7, 30):
            found[f"{name}_{days}"] = series.rolling(days, min_periods=1).mean()
    time = weather["SW_IN"].index
    late = time.is_leap_year & (time.month > 2)  # days after 29 February
    number = time.day_of_year.to_numpy() - late
    for name, cycle in cycles.items():
        leaves = cycle[number - 1]
        leap = (time.month == 2) & (time.day == 29)
        leaves[leap] = (cycle[58] + cycle[59]) / 2  # 28 February and 1 March
        found[f"{name}_SW_IN"] = leaves * weather["SW_IN"]
        if name == "FPAR":
            found["MSC_FPAR"] = pd.Series(leaves, time)
    return found


def cycles_of(folder, cell, types):
    """Mean cycles of the patches of these types in a cell, all of which have the same share."""
    with xr.open_zarr(folder / "vegetation.zarr", consolidated=False) as store:
        store = store.load()
    rows = [cell * len(PFT) + list(PFT).index(number) for number in types]
    found = {}
    for name in ("FPAR", "NDVI", "EVI"):
        field = store[name]
        time = pd.DatetimeIndex(field[field.dims[1]].values)
        each = [plain_cycle(field.values[row].astype(float), time) for row in rows]
        found[name] = np.mean(each, axis=0)
    return found


def weather_of(folder, cell):
    with xr.open_zarr(folder / "climate.zarr", consolidated=False) as store:
        time = pd.DatetimeIndex(store.time.values)
        return {
            name: pd.Series(store[name].values[cell].astype(float), time)
            for name in ("SW_IN", "P", "VPD")
            if name in store
        }


def tower_weather_of(folder, site):
    """The tower's own, with gaps from its cell."""
    towers = xr.load_dataset(folder / "towers.nc")
    of_cell = weather_of(folder, site)
    return {
        name: pd.Series(towers[name].values[site], series.index).fillna(series)
        for name, series in of_cell.items()
    }


def assert_within_a_step(found, plain, name):
    step = VARIABLES[name].step
    np.testing.assert_allclose(found, plain, rtol=0, atol=0.51 * step, err_msg=name)


@pytest.mark.parametrize("cell", THREE)
def test_cells(folder, cell):
    plain = plain_drivers(weather_of(folder, cell), cycles_of(folder, cell, PFT))
    assert len(plain) == 13
    with xr.open_zarr(folder / "drivers.zarr", consolidated=False) as store:
        time = pd.DatetimeIndex(store.time.values)
        for name, series in plain.items():
            found = store[name].isel(cell=cell)
            if name == "MSC_FPAR":  # a leap year has every calendar day
                found, series = found.values, series[time.year == 2004]
            assert_within_a_step(found, series, name)
        for number, name in {1: "ENF", 4: "DBF", 8: "SAV", 10: "GRA", 12: "CRO"}.items():
            assert number in PFT
            assert float(store[f"PFT_{name}"][cell]) == pytest.approx(0.2)
        for name in ("EBF", "MF", "WET", "SH"):
            assert float(store[f"PFT_{name}"][cell]) == 0.0


@pytest.mark.parametrize("site", range(3))
def test_towers(folder, site):
    plain = plain_drivers(
        tower_weather_of(folder, site), cycles_of(folder, site, [OF_TOWERS[site]])
    )
    records = xr.load_dataset(folder / "sites.nc")
    mine = records.isel(record=records.site_index.values == site)
    assert mine.sizes["record"] == len(plain["P"])
    for name, series in plain.items():
        assert_within_a_step(mine.x.sel(driver=name).values, series[mine.time.values], name)
    ones = {
        name
        for name in mine.driver.values
        if name.startswith("PFT") and mine.x.sel(driver=name).all()
    }
    assert ones == {("PFT_GRA", "PFT_DBF", "PFT_SAV")[site]}


def test_without_a_dewpoint_both_files_lack_the_deficit_and_nothing_else(folder, without_deficit):
    with_it, without = (xr.load_dataset(each / "sites.nc") for each in (folder, without_deficit))
    common = without.driver.values
    assert set(with_it.driver.values) - set(common) == {"VPD", "VPD_7", "VPD_30"}
    assert without.x.identical(with_it.x.sel(driver=common))
    assert set(DRIVERS) <= set(common)
    stores = [
        xr.open_zarr(each / "drivers.zarr", consolidated=False)
        for each in (folder, without_deficit)
    ]
    assert stores[0].drop_vars(["VPD", "VPD_7", "VPD_30"]).equals(stores[1])
