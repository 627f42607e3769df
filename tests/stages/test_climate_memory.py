"""Hourly ERA5 at its real size, 0.25 degree, in bounded memory."""

import subprocess
import sys

import netCDF4
import numpy as np

HOURS, N_CELLS = 73, 67_000
BLOCK = """
import sys
from pathlib import Path
import numpy as np, pandas as pd, xarray as xr
from fluxprod.grid import Grid
from fluxprod.readers.era5_series import era5_series
from fluxprod.stages.climate import Block, fill_block
from fluxprod.writers.climate_store import create_climate_store
folder = Path(sys.argv[1])
days = pd.date_range("2001-01-01", periods=3, unit="s")
cell = np.linspace(0, 360 * 720 - 1, int(sys.argv[2])).astype(int)
xr.Dataset(coords={"cell": cell}).to_netcdf(folder / "geography.nc")
create_climate_store(folder / "climate.zarr", ("P",), cell, days)
series = era5_series(folder, "P", days)
fill_block(Block(folder / "climate.zarr", series, 0, folder / "geography.nc", Grid(0.5), 0.5))
status = Path("/proc/self/status").read_text().split("VmHWM:")[1]  # of this process alone
print(int(status.split()[0]) / 2**20)
"""


def write_hours(path):
    """Three days of rain in chunks as long as the library makes them for months of hours."""
    with netCDF4.Dataset(path, "w") as dataset:
        axes = {
            "valid_time": np.arange(HOURS) * 3600 + 978307200,  # 2001-01-01
            "latitude": np.linspace(90.0, -90.0, 721),
            "longitude": np.arange(1440) / 4.0,
        }
        for name, values in axes.items():
            dataset.createDimension(name, len(values))
            dataset.createVariable(name, values.dtype, (name,))[:] = values
        dataset["valid_time"].units = "seconds since 1970-01-01"
        options = {"compression": "zlib", "complevel": 1, "chunksizes": (HOURS, 55, 111)}
        rain = dataset.createVariable("tp", "f4", tuple(axes), fill_value=np.nan, **options)
        rain.units = "m"
        field = 1e-5 * (1.0 + np.sin(np.arange(721))[:, None] * np.sin(np.arange(1440) / 9.0))
        scale = 1.0 + np.arange(HOURS) // 24  # another map each day
        rain[:] = (field * scale[:, None, None]).astype(np.float32)


def test_three_days_of_hours_in_less_than_600_megabytes(tmp_path):
    """The hours take 303 MB, and as float64 twice that; a year of them 36 GB."""
    write_hours(tmp_path / "hourly.nc")
    command = [sys.executable, "-c", BLOCK, str(tmp_path), str(N_CELLS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.6  # GiB, of which a third is libraries
