"""Parts of the climate and vegetation stages on made-up raw files of full size.

``python -m benchmarks.full_size_inputs KIND FOLDER`` prints CPU seconds per day or per tile, and
the peak memory of its process. KIND is ``hours`` or ``days`` of ERA5, or a ``tile`` of MCD15A2H.
The first call writes the file, and the next one measures.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.full_size_modis import peak_memory
from fluxprod.core.grid import Grid
from fluxprod.readers.era5.series import era5_series
from fluxprod.readers.modis.layers import FPAR
from fluxprod.readers.modis.pixels import Pixels
from fluxprod.readers.modis.tiles import N_PIXELS, read_tiles
from fluxprod.stages.climate import DayBlock, fill_block
from fluxprod.writers.climate_store import create_climate_store
from tests.readers.era5.era5_globe import N_LAT, N_LON, write_globe
from tests.readers.modis.native_tile import write_tile

N_CELLS = 67_000
STEPS = {"hours": 73, "days": 31}  # per file; three days of hours need 00 UTC of the fourth
DAYS = {"hours": 3, "days": 31}
NAMES = {"hours": "hourly.nc", "days": "tp_daily-sum.nc"}
TILE = "MCD15A2H.A2003001.h20v05.061.2020001000000.hdf"
REPEATS = 5  # how often a tile is read


def write_era5(kind: str, path: Path) -> None:
    """Global rain whose values all differ, which makes it as hard to compress as possible."""
    rain = np.random.default_rng(1).gamma(0.1, 1e-4, (STEPS[kind], N_LAT, N_LON))
    write_globe(path, rain, step=3600 if kind == "hours" else 86400)


def climate(kind: str, folder: Path) -> dict:
    """Process a block of days of one variable, from its file to its shard."""
    cell = np.linspace(0, 360 * 720 - 1, N_CELLS).astype(int)
    xr.Dataset(coords={"cell": cell}).to_netcdf(folder / "geography.nc")
    days = pd.date_range("2001-01-01", periods=DAYS[kind], unit="s")
    store = folder / "climate.zarr"
    create_climate_store(store, ("P",), cell, days)
    series = era5_series(folder, "P", days)
    start = time.process_time()
    fill_block(DayBlock(store, "P", (series,), 0, folder / "geography.nc", Grid(0.5), 0.5))
    return {"cpu_s_a_day": (time.process_time() - start) / len(days)}


def write_pixels(path: Path) -> None:
    """Write a tile without gaps, whose values vary from pixel to pixel."""
    rng = np.random.default_rng(1)
    raw = np.clip(rng.normal(50, 8, (N_PIXELS, N_PIXELS)), 0, 100).astype(np.uint8)
    flags = (rng.random(raw.shape) < 0.2).astype(np.uint8)
    write_tile(path.parent, "h20v05", raw, flags)


def tile(folder: Path) -> dict:
    """Average a tile to cells of 0.05 degree."""
    pixels = Pixels(np.arange(3600 * 7200), (3600, 7200))
    read_tiles([folder / TILE], FPAR, pixels)
    start = time.process_time()
    read_tiles([folder / TILE] * (1 + REPEATS), FPAR, pixels)
    middle = time.process_time()
    read_tiles([folder / TILE], FPAR, pixels)
    end = time.process_time()
    return {"cpu_s_a_tile": ((middle - start) - (end - middle)) / REPEATS}


def main(kind: str, folder: Path) -> None:
    """Write the file, or print what reading it takes."""
    path = folder / NAMES.get(kind, TILE)
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_pixels(path) if kind == "tile" else write_era5(kind, path)
        return
    taken = tile(folder) if kind == "tile" else climate(kind, folder)
    taken["peak_gb"] = peak_memory()
    print(json.dumps({name: round(value, 3) for name, value in taken.items()}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
