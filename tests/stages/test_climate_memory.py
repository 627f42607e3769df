"""Hourly ERA5 at its real size, 0.25 degree, in bounded memory."""

import subprocess
import sys

import numpy as np

from tests.readers.era5.era5_globe import N_LAT, N_LON, write_globe

HOURS, N_CELLS = 73, 67_000
BLOCK = """
import sys
from pathlib import Path
import numpy as np, pandas as pd, xarray as xr
from fluxprod.core.grid import Grid
from fluxprod.readers.era5.series import era5_series
from fluxprod.stages.climate import DayBlock, fill_block
from fluxprod.writers.climate_store import create_climate_store
folder = Path(sys.argv[1])
days = pd.date_range("2001-01-01", periods=3, unit="s")
cell = np.linspace(0, 360 * 720 - 1, int(sys.argv[2])).astype(int)
xr.Dataset(coords={"cell": cell}).to_netcdf(folder / "geography.nc")
create_climate_store(folder / "climate.zarr", ("P",), cell, days)
series = era5_series(folder, "P", days)
store, geography = folder / "climate.zarr", folder / "geography.nc"
fill_block(DayBlock(store, "P", (series,), 0, geography, Grid(0.5), 0.5))
status = Path("/proc/self/status").read_text().split("VmHWM:")[1]  # of this process only
print(int(status.split()[0]) / 2**20)
"""


def hours():
    """Three days of rain and one hour."""
    field = 1e-5 * (1.0 + np.sin(np.arange(N_LAT))[:, None] * np.sin(np.arange(N_LON) / 9.0))
    hour = np.arange(HOURS)
    # another map each day, and rain that falls and rises, as only amounts of an hour do
    scale = (1.0 + hour // 24) * (2.0 + np.cos(hour))
    return (field * scale[:, None, None]).astype(np.float32)


def test_three_days_of_hours_in_less_than_600_megabytes(tmp_path):
    """The hours take 303 MB, or 606 MB as float64; those of a year would take 36 GB."""
    write_globe(tmp_path / "hourly.nc", hours(), step=3600)
    command = [sys.executable, "-c", BLOCK, str(tmp_path), str(N_CELLS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.6  # GiB, of which a third is libraries
