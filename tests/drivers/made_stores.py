"""Climate, vegetation, geography and towers of made-up land cells, in the stages' formats."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import daily_axis
from fluxprod.drivers.vegetation_store import QUANTITIES
from fluxprod.writers.climate_store import create_climate_store, day_blocks, write_climate_block
from fluxprod.writers.interim import write_interim
from fluxprod.writers.vegetation_store import packed, vegetation_store

GRID = Grid(0.5)
PRODUCTS = {
    "NDVI": ("time_mod13c1", 16), "EVI": ("time_mod13c1", 16), "LST_DAY": ("time_mod11c2", 8),
    "LST_NIGHT": ("time_mod11c2", 8), "NDWI": ("time_mcd43c4", 16), "BAND4": ("time_mcd43c4", 16),
    "FPAR": ("time_mcd15a2h", 8),
}  # fmt: skip
LEVEL = {"LST_DAY": 290.0, "LST_NIGHT": 280.0}
PFT = np.array([1, 4, 8, 10, 12])  # in every cell


def write_stores(
    folder: Path, n_cells: int, years: range, *, n_sites: int = 3, deficit: bool = True
) -> None:
    """Write climate.zarr, vegetation.zarr, geography.nc and towers.nc for temperate land."""
    rng = np.random.default_rng(3)
    cell = np.arange(n_cells) + GRID.cell_of(np.array([40.0]), np.array([-180.0]))[0]
    lat, lon = GRID.lat_lon_of(cell)
    time = daily_axis(years[0], years[-1])
    _write_climate(folder / "climate.zarr", rng, cell, time, deficit)
    _write_vegetation(folder / "vegetation.zarr", rng, cell, years)
    facts = {
        "cell_lat": lat,
        "cell_lon": lon,
        "cell_region": np.full(n_cells, 6, np.int8),
        "land_area": np.full(n_cells, 2.0e9),
    }
    land = xr.Dataset({name: ("cell", values) for name, values in facts.items()}, {"cell": cell})
    write_interim(land, folder / "geography.nc")
    write_interim(_towers(rng, lat[:n_sites], lon[:n_sites], time), folder / "towers.nc")


def _write_climate(
    path: Path, rng: np.random.Generator, cell: np.ndarray, time: pd.DatetimeIndex, deficit: bool
) -> None:
    season = np.sin(2 * np.pi * (time.day_of_year.to_numpy() - 110) / 365)
    noise = rng.normal(size=(len(cell), len(time))).astype(np.float32)
    fields = {
        "TA": 8 + 14 * season + 4 * noise,
        "SW_IN": np.clip(150 + 110 * season + 30 * noise, 0, 600),
        "P": np.clip(3 * noise, 0, None),
    }
    if deficit:
        fields["VPD"] = np.clip(8 + 6 * season + 4 * noise, 0, None)
    create_climate_store(path, tuple(fields), cell, time)
    for name, values in fields.items():
        for days in day_blocks(len(time)):
            write_climate_block(path, name, days.start, values[:, days])


def _write_vegetation(path: Path, rng: np.random.Generator, cell: np.ndarray, years: range) -> None:
    n_patches = len(cell) * len(PFT)
    patches = {
        "patch_cell": np.repeat(cell, len(PFT)),
        "patch_pft": np.tile(PFT, len(cell)),
        "patch_share": np.full(n_patches, 1 / len(PFT)),
    }
    axes = {axis: (_on(axis), _middles(step, years)) for axis, step in PRODUCTS.values()}
    with vegetation_store(path, patches, axes) as store:
        for name in QUANTITIES:
            n_times = len(axes[PRODUCTS[name][0]][1])
            values = rng.uniform(0.1, 0.6, (n_patches, n_times)).astype(np.float32)
            values[:, ::9] = np.nan
            store.write(name, packed(name, (LEVEL.get(name, 0.0) + values).T))


def _on(axis: str) -> tuple[str, ...]:
    return tuple(name for name in QUANTITIES if PRODUCTS[name][0] == axis)


def _middles(step: int, years: range) -> pd.DatetimeIndex:
    """Mid-window dates of composites, the first of which begins on 1 January in every year."""
    starts = [pd.date_range(f"{year}-01-01", f"{year}-12-31", freq=f"{step}D") for year in years]
    return pd.DatetimeIndex(np.concatenate(starts) + np.timedelta64(step // 2, "D"))


def _towers(
    rng: np.random.Generator, lat: np.ndarray, lon: np.ndarray, time: pd.DatetimeIndex
) -> xr.Dataset:
    shape = (len(lat), len(time))
    missing = np.full(shape, np.nan)
    daily = {"NEE": rng.normal(size=shape)} | dict.fromkeys(("TA", "SW_IN", "P", "VPD"), missing)
    facts = {
        "lat": lat,
        "lon": lon,
        "igbp": np.repeat("GRA", len(lat)),
        "fold": np.arange(len(lat)),
    }
    return xr.Dataset(
        {name: (("site", "time"), values) for name, values in daily.items()}
        | {name: ("site", values) for name, values in facts.items()},
        {"site": [f"AA-{n:03d}" for n in range(len(lat))], "time": time},
    )
