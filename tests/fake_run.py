"""Inputs of the stages product and evaluate for a small made-up run: random fields, exact sums.

The world has 6 degrees and three years. Everything that evaluate compares is planted: in the
tropics EC is the truth minus 1 g m-2 d-1, and EC-ATM the truth minus 0.1 g m-2 d-1.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import openpyxl
import xarray as xr

from fluxprod.core.grid import Grid, cell_area
from fluxprod.core.regions import ABBREVIATIONS, TROPICS
from fluxprod.core.time_axis import daily_axis, month_days, monthly_axis, monthly_means
from fluxprod.core.variables import IGBP as TYPES
from fluxprod.core.world import World
from fluxprod.plausibility.criterion import Criterion
from fluxprod.plausibility.table import findings_table
from fluxprod.writers.csv_table import write_table

WORLD = World(resolution=6.0, first_year=2001, last_year=2003)
MEMBERS = 4
TROPICAL_SHIFT = {"ec": -1.0, "ec_atm": -0.1}  # g m-2 d-1
PROVENANCE = {
    "world": "synthetic",
    "params": {
        "world": {"resolution": 6.0},
        "geography": {"min_land_fraction": 0.2},
        "train": {"seed": 7},
    },
    "raw": {"era5": {"sha256": "e" * 64, "files": 24}, "modis": {"sha256": "d" * 64, "files": 9}},
    "code": {"sha256": "c" * 64, "files": 100},
}
IGBP = ("ENF", "EBF", "GRA")


RAIN = Criterion("climate.rain", "1 to 4 mm d-1", "a & b, doi 10.1/x", "check the unit of P")
SITE = Criterion("towers.position", "land within two cells", "geometry", "mend the site table")
FINDINGS = (
    RAIN.finding("land", "4.5 mm d-1", warn=True),
    SITE.finding("AA-One", "0.5 cells"),
    SITE.finding("BB-Two", "3.1 cells", stop=True),
)
ACCEPT = ("towers.position:BB-Two",)


class FakeRun(NamedTuple):
    """Folder with all inputs, and the planted values."""

    folder: Path
    truth_total: np.ndarray  # (region 18 and unassigned, month) [PgC month-1]
    tropical_area: float  # m2


def geography(rng: np.random.Generator) -> xr.Dataset:
    grid = Grid(WORLD.resolution)
    region = np.full(grid.shape, -1, np.int8)
    # three rows of six regions of 4 x 5 cells around the equator, then a strip of unassigned land
    for number in range(18):
        row, column = divmod(number, 6)
        region[10 + 4 * row : 14 + 4 * row, 10 * column : 10 * column + 5] = number
    land = np.where(region >= 0, rng.uniform(0.3, 1.0, grid.shape).round(2), 0.0)
    land[22, 10:16] = 0.5
    area = np.round(cell_area(grid.lat_edges, grid.lon_edges))
    cell = np.flatnonzero(land.ravel() > 0).astype(np.int32)
    lat, lon = grid.lat_lon_of(cell)
    return xr.Dataset(
        {
            "land_fraction": (("lat", "lon"), land),
            "cell_area": (("lat", "lon"), area),
            "region": (("lat", "lon"), region),
            "cell_lat": ("cell", lat),
            "cell_lon": ("cell", lon),
            "land_area": ("cell", np.round((area * land).ravel()[cell])),
            "cell_region": ("cell", region.ravel()[cell]),
        },
        coords={"lat": grid.lat, "lon": grid.lon, "cell": cell},
    )


def true_daily(rng: np.random.Generator, land: xr.Dataset) -> np.ndarray:
    """Season, level and annual anomalies of each cell, shape (cell, day) [g m-2 d-1]."""
    days = daily_axis(WORLD.first_year, WORLD.last_year)
    shape = (land.sizes["cell"], 1)
    season = np.cos(2 * np.pi * (days.day_of_year.values - 15) / 365.25)
    phase = np.sign(land.cell_lat.values)[:, None]
    year = rng.normal(0, 0.1, (shape[0], len(WORLD.years)))[:, days.year - WORLD.first_year]
    return phase * rng.uniform(0.2, 1.5, shape) * season + rng.normal(-0.05, 0.2, shape) + year


def store(
    rng: np.random.Generator, land: xr.Dataset, daily: np.ndarray, shift: float
) -> xr.Dataset:
    days = daily_axis(WORLD.first_year, WORLD.last_year)
    months = monthly_axis(WORLD.first_year, WORLD.last_year)
    tropical = np.isin(land.cell_region.values, [ABBREVIATIONS.index(name) for name in TROPICS])
    offset = rng.normal(0, 0.05, (MEMBERS, land.sizes["cell"]))
    offset -= offset.mean(axis=0)
    mean = daily + (shift * tropical)[:, None]
    spread = np.broadcast_to(offset.std(axis=0, ddof=1)[:, None], mean.shape)
    by_month = monthly_means(mean, days)
    return xr.Dataset(
        {
            "NEE_mean": (("cell", "time"), mean.astype(np.float32)),
            "NEE_spread": (("cell", "time"), spread.astype(np.float32)),
            "NEE_month": (("member", "cell", "month"), by_month + offset[:, :, None]),
        },
        coords={
            "cell": land.cell,
            "time": days,
            "month": months,
            "member": np.arange(MEMBERS),
        },
    )


def region_totals(land: xr.Dataset, monthly: np.ndarray) -> np.ndarray:
    """Totals of the regions and of unassigned land, by a loop; shape (19, month) [PgC month-1]."""
    days = month_days(monthly_axis(WORLD.first_year, WORLD.last_year))
    total = np.zeros((19, len(days)))
    for region, area, series in zip(land.cell_region.values, land.land_area.values, monthly):
        total[region] += area * series * days * 1e-15
    return total


def inversions(rng: np.random.Generator, land, totals, monthly) -> xr.Dataset:
    """Five members scattered around the truth; the last is absent in the first year."""
    noise = rng.normal(0, 0.002, (5, *totals.shape))
    members = totals + noise - noise.mean(axis=0)
    members[4, :, :12] = np.nan
    fraction = land.land_fraction.values.ravel()[land.cell.values]
    return xr.Dataset(
        {
            "NEE": (("member", "region", "time"), members[:, :18]),
            "unassigned": (("member", "time"), members[:, 18]),
            "NEE_month": (("time", "cell"), (monthly * fraction[:, None]).T),
            "fire_is_climatology": ("time", np.repeat([True, True, False], 12)),
        },
        coords={
            "member": ["CAMS", "CarboScope", "CTE", "NISMON-CO2", "UoE"],
            "region": list(ABBREVIATIONS),
            "time": monthly_axis(WORLD.first_year, WORLD.last_year),
            "cell": land.cell,
        },
    )


def fluxcom(land: xr.Dataset, monthly: np.ndarray) -> xr.Dataset:
    """The truth times 0.9, minus 0.5 g m-2 d-1."""
    density = 0.9 * monthly - 0.5
    totals = region_totals(land, density)
    return xr.Dataset(
        {
            "NEE": (("region", "time"), totals[:18]),
            "unassigned": ("time", totals[18]),
            "NEE_month": (("cell", "time"), density),
        },
        coords={
            "region": list(ABBREVIATIONS),
            "time": monthly_axis(WORLD.first_year, WORLD.last_year),
            "cell": land.cell,
        },
    )


def bridge(land: xr.Dataset) -> xr.Dataset:
    """Every second cell of a region with its own area, which gives half the response to a shift."""
    region = land.cell_region.values
    chosen = np.concatenate([np.flatnonzero(region == number)[::2] for number in range(18)])
    theta = land.land_area.values[chosen]
    area = np.array([land.land_area.values[region == number].sum() for number in range(18)])
    total = np.array([theta[region[chosen] == number].sum() for number in range(18)])
    return xr.Dataset(
        {
            "cell": ("contribution", land.cell.values[chosen]),
            "contribution_region": ("contribution", region[chosen]),
            "theta": ("contribution", theta),
            "intercept": ("region", np.full(18, 1e11)),
            "shift": ("region", total / area),
            "r2": ("region", np.linspace(0.95, 0.967, 18)),
            "r2_cv": ("region", np.linspace(0.94, 0.957, 18)),
            "n_contributions": ("region", np.bincount(region[chosen], minlength=18)),
            "n_drawn": ((), 0),
        },
        coords={"region": list(ABBREVIATIONS)},
        attrs={"method": "lasso"},
    )


def robustness(land: xr.Dataset) -> xr.Dataset:
    """Cell k is drawn k times and chosen every other time; all types have equal shares.

    All regions are alike except the last, which has no cells with data.
    """
    count = np.arange(land.sizes["cell"])
    share = np.full(len(TYPES), 1.0 / len(TYPES))
    known = np.append(np.ones(17), np.nan)
    of_region = {
        "r2_mean": 0.955,
        "r2_std": 0.005,
        "n_contributions_mean": 4.0,
        "n_contributions_std": 1.0,
        "shift_mean": 0.5,
        "shift_std": 0.02,
        "overlap_chosen": 0.25,
        "overlap_drawn": 0.2,
    }
    return xr.Dataset(
        {
            "n_drawn": ("cell", count),
            "n_chosen": ("cell", count // 2),
            "pft_share_chosen_global": ("pft", share),
            "pft_share_all_global": ("pft", share),
            "pft_share_chosen": (("region", "pft"), known[:, None] * share),
            "pft_share_all": (("region", "pft"), np.tile(share, (18, 1))),
            "r2": (("region", "draw"), known[:, None] * [0.95, 0.96]),
            **{name: ("region", known * value) for name, value in of_region.items()},
        },
        coords={"region": list(ABBREVIATIONS), "cell": land.cell, "pft": list(TYPES)},
    )


def sites(rng: np.random.Generator) -> tuple[xr.Dataset, dict[str, xr.Dataset]]:
    """Six towers with 50 days each and one without; errors of EC and EC-ATM have a fixed size.

    The size is 1 g m-2 d-1 for EC and 1.5 for EC-ATM. The first three towers are in Brazil, two are
    alone in a region, and two are in no region. The mean of EC - EC-ATM over its days is 0 at the
    first tower, -0.5 at the second and -0.2 g m-2 d-1 at the third.
    """
    index = np.repeat(np.arange(6), 50)
    observed = rng.normal(-1, 2, index.size)
    sign = np.where(np.arange(index.size) % 2, 1.0, -1.0)
    sign[50:100], sign[100:120] = 1.0, 1.0
    records = xr.Dataset(
        {
            "NEE": ("record", observed),
            "site_index": ("record", index),
            "region": ("site", np.array([4, 4, 4, 0, 1, -1, -1], np.int8)),
            "igbp": ("site", [*(IGBP[i // 2] for i in range(6)), IGBP[0]]),
            "fold": ("site", np.arange(7) % 3),
            "lat": ("site", np.linspace(-30.0, 30.0, 7)),
            "time": ("record", np.tile(daily_axis(2001, 2001)[:50], 6)),
        },
        coords={"site": [f"AA-S{i:02d}" for i in range(7)]},
    )
    models = {
        "ec": xr.Dataset({"NEE_hat": ("record", observed + sign)}),
        "ec_atm": xr.Dataset({"NEE_hat": ("record", observed + 1.5 * sign)}),
    }
    return records, models


def truth(land: xr.Dataset, monthly: np.ndarray) -> xr.Dataset:
    grid = Grid(WORLD.resolution)
    field = np.full((monthly.shape[1], grid.shape[0] * grid.shape[1]), np.nan)
    field[:, land.cell.values] = monthly.T
    return xr.Dataset(
        {
            "NEE_month": (("time", "lat", "lon"), field.reshape(-1, *grid.shape)),
            "land_fraction": land.land_fraction,
            "cell_area": land.cell_area,
        },
        coords={"time": monthly_axis(WORLD.first_year, WORLD.last_year)},
    )


def write_budget(path: Path) -> None:
    """Write a workbook with a land sink of 3 GtC/yr in 2001, 3.5 in 2002 and 4 in 2003."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Global Carbon Budget"
    sheet.append(["All values in billion tonnes of carbon per year (GtC/yr)"])
    sheet.append(["The land sink (uncertainty of ±0.9 GtC/yr on average) was estimated."])
    header = ["fossil emissions excluding carbonation", "land-use change emissions"]
    header += ["atmospheric growth", "ocean sink", "land sink", "cement carbonation sink"]
    sheet.append(["Year", *header, "budget imbalance"])
    for year, sink in ((2001, 3.0), (2002, 3.5), (2003, 4.0)):
        sheet.append([year, 8.0, 1.5, 4.0, 2.0, sink, 0.1, 0.4])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def build(folder: Path, *, seed: int = 1) -> FakeRun:
    """Write all inputs into a folder."""
    rng = np.random.default_rng(seed)
    land = geography(rng)
    daily = true_daily(rng, land)
    days = daily_axis(WORLD.first_year, WORLD.last_year)
    monthly = monthly_means(daily, days)
    totals = region_totals(land, monthly)
    records, predictions = sites(rng)
    files = {
        "geography.nc": land,
        "inversions.nc": inversions(rng, land, totals, monthly),
        "fluxcom.nc": fluxcom(land, monthly),
        "bridge.nc": bridge(land),
        "robustness.nc": robustness(land),
        "sites.nc": records,
        "ec_sites.nc": predictions["ec"],
        "ec_atm_sites.nc": predictions["ec_atm"],
        "truth/truth.nc": truth(land, monthly),
    }
    for name, dataset in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        dataset.to_netcdf(folder / name)
    for name, shift in TROPICAL_SHIFT.items():
        made = store(rng, land, daily, shift)
        made.to_zarr(folder / f"{name}.zarr", zarr_format=3, consolidated=False)
    tropical = np.isin(land.cell_region.values, [ABBREVIATIONS.index(name) for name in TROPICS])
    (folder / "provenance.json").write_text(json.dumps(PROVENANCE))
    findings = findings_table(FINDINGS, ACCEPT)
    write_table(findings, folder / "plausibility.csv", checksum=True)
    write_budget(folder / "budget" / "Global_Carbon_Budget_2022v1.0.xlsx")
    area = float(land.land_area.values[tropical].sum())
    return FakeRun(folder, totals, area)
