"""Pieces of the climate and vegetation stages on raw files of full size, made up.

``python -m benchmarks.full_size_inputs WAY FOLDER`` prints the CPU seconds a day, or a tile, and
the peak memory of its process. A way is ``hours`` or ``days`` of ERA5, or a ``tile`` of MCD15A2H;
it writes its file on the first call, and measures on the next.
"""

import json
import sys
import time
from pathlib import Path

import netCDF4
import numpy as np
import pandas as pd
import xarray as xr
from pyhdf.SD import SD, SDC

from benchmarks.full_size_modis import peak_memory
from fluxprod.grid import Grid
from fluxprod.readers.era5_series import era5_series
from fluxprod.readers.modis_layers import FPAR
from fluxprod.readers.modis_tiles import read_tiles
from fluxprod.readers.pixels import Pixels
from fluxprod.stages.climate import Block, fill_block
from fluxprod.writers.climate_store import create_climate_store

N_CELLS = 67_000
STEPS = {"hours": 73, "days": 31}  # in a file; three days of hours need 00 UTC of the fourth
DAYS = {"hours": 3, "days": 31}
NAMES = {"hours": "hourly.nc", "days": "tp_daily-sum.nc"}
TILE = "MCD15A2H.A2003001.h20v05.061.2020001000000.hdf"
METRES = 1111950.5197665554  # of a tile's side, MODLAND
REPEATS = 5  # readings of a tile


def write_era5(way: str, path: Path) -> None:
    """Rain of the globe at 0.25 degree in chunks as the library makes them."""
    n_steps, seconds = STEPS[way], 3600 if way == "hours" else 86400
    with netCDF4.Dataset(path, "w") as dataset:
        axes = {
            "valid_time": np.arange(n_steps) * seconds + 978307200,  # 2001-01-01
            "latitude": np.linspace(90.0, -90.0, 721),
            "longitude": np.arange(1440) / 4.0,
        }
        for name, values in axes.items():
            dataset.createDimension(name, len(values))
            dataset.createVariable(name, values.dtype, (name,))[:] = values
        dataset["valid_time"].units = "seconds since 1970-01-01"
        layout = {"compression": "zlib", "complevel": 1, "chunksizes": (n_steps, 55, 111)}
        rain = dataset.createVariable("tp", "f4", tuple(axes), fill_value=np.nan, **layout)
        rain.units = "m"
        rng = np.random.default_rng(1)
        rain[:] = rng.gamma(0.1, 1e-4, (n_steps, 721, 1440)).astype(np.float32)


def climate(way: str, folder: Path) -> dict:
    """A block of days of one variable, from its file to its shard."""
    cell = np.linspace(0, 360 * 720 - 1, N_CELLS).astype(int)
    xr.Dataset(coords={"cell": cell}).to_netcdf(folder / "geography.nc")
    days = pd.date_range("2001-01-01", periods=DAYS[way], unit="s")
    store = folder / "climate.zarr"
    create_climate_store(store, ("P",), cell, days)
    series = era5_series(folder, "P", days)
    start = time.process_time()
    fill_block(Block(store, series, 0, folder / "geography.nc", Grid(0.5), 0.5))
    return {"cpu_s_a_day": (time.process_time() - start) / len(days)}


def write_tile(path: Path) -> None:
    """A tile without gaps, of values that vary from pixel to pixel."""
    rng = np.random.default_rng(1)
    layers = {
        "Fpar_500m": np.clip(rng.normal(50, 8, (2400, 2400)), 0, 100).astype(np.uint8),
        "FparLai_QC": (rng.random((2400, 2400)) < 0.2).astype(np.uint8),
    }
    west, north = 2 * METRES, 4 * METRES
    file = SD(str(path), SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    file.attr("StructMetadata.0").set(
        SDC.CHAR,
        f"UpperLeftPointMtrs=({west:.6f},{north:.6f})\n"
        f"LowerRightMtrs=({west + METRES:.6f},{north - METRES:.6f})\nProjection=GCTP_SNSOID\n",
    )
    for name, values in layers.items():
        dataset = file.create(name, SDC.UINT8, values.shape)
        dataset.setcompress(SDC.COMP_DEFLATE, 5)
        for key, (kind, value) in {
            "_FillValue": (SDC.UINT8, 255), "scale_factor": (SDC.FLOAT64, 0.01),
            "add_offset": (SDC.FLOAT64, 0.0),
        }.items():  # fmt: skip
            dataset.attr(key).set(kind, value)
        dataset[:] = values
        dataset.endaccess()
    file.end()


def tile(folder: Path) -> dict:
    """A tile onto cells of 0.05 degree."""
    pixels = Pixels(np.arange(3600 * 7200), (3600, 7200))
    read_tiles([folder / TILE], FPAR, pixels)
    start = time.process_time()
    read_tiles([folder / TILE] * (1 + REPEATS), FPAR, pixels)
    middle = time.process_time()
    read_tiles([folder / TILE], FPAR, pixels)
    end = time.process_time()
    return {"cpu_s_a_tile": ((middle - start) - (end - middle)) / REPEATS}


def main(way: str, folder: Path) -> None:
    """Write a file, or print what its reading takes."""
    path = folder / NAMES.get(way, TILE)
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_tile(path) if way == "tile" else write_era5(way, path)
        return
    taken = tile(folder) if way == "tile" else climate(way, folder)
    taken["peak_gb"] = peak_memory()
    print(json.dumps({name: round(value, 3) for name, value in taken.items()}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
