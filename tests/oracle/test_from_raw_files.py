"""Drivers of three cells and three towers, recomputed from the raw files by separate code.

raw_files.py reads the files and slow_drivers.py computes; neither uses fluxprod. Both sides round
inputs to the steps of the stores between the stages, so that drivers agree within their own step,
but for ties: a mean half way between two steps may be rounded up on one side and down on the other.
"""

import csv

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml

from tests.conftest import ROOT
from tests.drivers.slow_drivers import GROUPS, leap_numbered, slow_drivers
from tests.oracle import raw_files, small_run

CELLS = [(36.0, -102.0), (-12.0, -54.0), (60.0, 30.0)]  # centres [degree_north, degree_east]
TOWERS = ["AU-Tum", "US-MMS", "FI-Hyy"]
GAPPY, MOVED = "US-MMS", "AT-Neu"  # one without its own weather on some days, one moved to a cell
COLUMNS = {"ta": "TA_F", "sw_in": "SW_IN_F", "p": "P_F", "vpd": "VPD_F"}
LOOPS = yaml.safe_load((ROOT / "params.yaml").read_text())["drivers"]["spinup_loops"]
STEPS = {  # to which each driver is packed, in its unit
    "WAI2": 1e-4, "WAI1": 1e-4, "AMP_MSC_WAI": 1e-4, "MSC_EVIRpot": 0.02, "MSC_FparLST": 0.02,
    "MIN_MSC_NDWI": 1e-4, "AMP_Band4": 1e-4, "MSC_LST_Night": 0.02, "Rg_VIMSC": 0.02,
    "AMP_MSC_NDVI": 1e-4, "Tair": 0.01, "SW_IN": 0.02, "SW_IN_7": 0.02, "SW_IN_30": 0.02,
    "P": 0.02, "P_7": 0.05, "P_30": 0.05, "VPD": 0.01, "VPD_7": 0.01, "VPD_30": 0.01,
    "FPAR_SW_IN": 0.02, "NDVI_SW_IN": 0.02, "EVI_SW_IN": 0.02, "SW_IN_POT": 0.02, "MSC_FPAR": 1e-4,
} | dict.fromkeys(GROUPS, 1e-4)  # fmt: skip
TIES = {  # steps of the driver, half a step of its own and what one step of an input makes
    "WAI1": 10.5,  # 0.02 mm of rain in 20 mm
    "WAI2": 2.5,  # the same in 100 mm
    "MSC_LST_Night": 1.5,  # 0.02 K
    "MSC_FparLST": 1.5,  # 0.02 K times 1
    "FPAR_SW_IN": 1.5,  # 0.02 W m-2 times 1
    # 1e-4 times 500 W m-2
    **dict.fromkeys(("MSC_EVIRpot", "Rg_VIMSC", "NDVI_SW_IN", "EVI_SW_IN"), 3.0),
}


def edit(folder, site, change):
    """Change the weather of a tower, given as rows of its file."""
    (path,) = (folder / "raw" / "fluxnet").glob(f"FLX_{site}_*.csv")
    with path.open() as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row.update(change(number))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def move(folder, lat, lon):
    """Put a tower in the middle of a cell, and give it the weather of this cell."""
    weather = raw_files.weather_of_cell(folder / "raw" / "era5", lat, lon)
    names = COLUMNS.items()
    edit(folder, MOVED, lambda day: {column: f"{weather[name][day]:.3f}" for name, column in names})
    (path,) = (folder / "raw" / "fluxnet").glob("*_BIF_*.csv")
    lines = path.read_text().splitlines()
    for variable, value in {"LOCATION_LAT": lat, "LOCATION_LONG": lon}.items():
        (at,) = (n for n, x in enumerate(lines) if x.startswith(MOVED) and f",{variable}," in x)
        lines[at] = ",".join([*lines[at].split(",")[:4], f"{value:.4f}"])
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw_to_drivers")
    small_run.make_raw(folder)
    edit(
        folder, GAPPY, lambda day: dict.fromkeys(COLUMNS.values(), "-9999") if day % 3 == 0 else {}
    )
    move(folder, *CELLS[0])
    small_run.run_stages(folder)
    return folder


@pytest.fixture(scope="module")
def stored(folder):
    """drivers.zarr, and sites.nc."""
    with xr.open_zarr(folder / "drivers.zarr", consolidated=False) as store:
        return store.load(), xr.load_dataset(folder / "sites.nc")


def drivers_of_cell(raw, lat, lon):
    weather = raw_files.weather_of_cell(raw / "era5", lat, lon)
    pixels = raw_files.pixels_by_type(raw / "modis", lat, lon)
    land = sum(area for patch in pixels.values() for _, _, area in patch)
    shares = [sum(area for _, _, area in patch) / land for patch in pixels.values()]
    seen = raw_files.composites(raw / "modis", list(pixels.values()))
    types = [raw_files.TYPES[number] for number in pixels]
    return slow_drivers((weather, seen), shares, types, LOOPS)


def drivers_of_tower(raw, site):
    lat, lon, igbp = raw_files.site_facts(raw / "fluxnet", site)
    size = raw_files.SIZE
    centre = [size * (np.floor(angle / size) + 0.5) for angle in (lat + 90, lon + 180)]
    middle = centre[0] - 90, centre[1] - 180
    of_cell = raw_files.weather_of_cell(raw / "era5", *middle)
    weather = raw_files.weather_of_tower(raw / "fluxnet", site, of_cell)
    pixels = raw_files.pixels_by_type(raw / "modis", *middle)
    (own,) = (patch for number, patch in pixels.items() if raw_files.TYPES[number] == igbp)
    seen = raw_files.composites(raw / "modis", [own])
    return slow_drivers((weather, seen), [1.0], [igbp], LOOPS)


def assert_within_a_step(found, slow):
    assert set(found) == set(STEPS)
    for name, values in found.items():
        allowed = 1.01 * TIES.get(name, 1.0) * STEPS[name]
        np.testing.assert_allclose(values, slow[name], rtol=0, atol=allowed, err_msg=name)


def found_in(records, site):
    """Drivers of a tower in sites.nc, each with its days."""
    mine = records.isel(record=records.site_index == list(records.site.values).index(site))
    assert mine.sizes["record"] > 100
    return mine


def on_days(values, days):
    """A driver on some days, from a value for each day of the run, calendar day, or all."""
    if np.ndim(values) == 0:
        return np.full(len(days), values)
    if len(values) == 366:
        return np.array([values[leap_numbered(day) - 1] for day in days])
    return np.array([values[(day - pd.Timestamp(2003, 1, 1)).days] for day in days])


@pytest.mark.parametrize("centre", CELLS)
def test_cells(folder, stored, centre):
    cells, _ = stored
    (row,) = np.flatnonzero((cells.cell_lat == centre[0]) & (cells.cell_lon == centre[1]))
    found = {name: cells[name].values[row] for name in STEPS}
    assert_within_a_step(found, drivers_of_cell(folder / "raw", *centre))


@pytest.mark.parametrize("site", TOWERS)
def test_towers(folder, stored, site):
    mine = found_in(stored[1], site)
    days = pd.DatetimeIndex(mine.time.values)
    slow = drivers_of_tower(folder / "raw", site)
    found = {name: mine.x.sel(driver=name).values.astype(float) for name in mine.driver.values}
    assert_within_a_step(found, {name: on_days(slow[name], days) for name in found})


def test_a_tower_with_the_weather_of_its_cell_has_the_weather_drivers_of_its_cell(stored):
    cells, records = stored
    (row,) = np.flatnonzero((cells.cell_lat == CELLS[0][0]) & (cells.cell_lon == CELLS[0][1]))
    mine = found_in(records, MOVED)
    days = pd.DatetimeIndex(mine.time.values)
    weather = ("SW_IN", "P", "VPD", "WAI1", "WAI2", "Tair", "AMP_MSC_WAI", "SW_IN_POT")
    memories = [f"{name}_{days}" for name in ("SW_IN", "P", "VPD") for days in (7, 30)]
    for name in (*weather, *memories):
        of_cell = on_days(cells[name].values[row], days)
        np.testing.assert_allclose(
            mine.x.sel(driver=name), of_cell, rtol=0, atol=1.01 * STEPS[name], err_msg=name
        )
