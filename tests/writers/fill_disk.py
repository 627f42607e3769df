"""Let every writer exceed a small disk, then enlarge the disk and let it write again.

``python -m tests.writers.fill_disk FOLDER`` prints a JSON object with, for each output, the free
space before [MB], the error, the files left, and whether the second attempt gave the same bytes as
an undisturbed one.
"""

import json
import multiprocessing
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import matplotlib.figure
import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.atomic_output import atomic_output, remove
from fluxprod.core.errors import DataError
from fluxprod.core.json_file import write_json
from fluxprod.synthetic.native.hdf4 import GridLayer, write_grid
from fluxprod.synthetic.native.netcdf import new_netcdf
from fluxprod.writers.cf_netcdf import write_netcdf
from fluxprod.writers.checkpoint_folder import write_checkpoint
from fluxprod.writers.climate_store import create_climate_store, write_climate_block
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.figure_file import write_picture
from fluxprod.writers.html_page import write_page
from fluxprod.writers.interim import write_interim
from fluxprod.writers.nee_store import CELLS, create_nee_store, write_nee_block
from fluxprod.writers.product_manifest import entry
from fluxprod.writers.unfinished import unfinished
from fluxprod.writers.vegetation_store import vegetation_store

N = 2**20  # values, which no compression reduces to less than a megabyte
RNG = np.random.default_rng(1)
CELL, TIME = np.arange(N // 512), pd.date_range("2001", periods=366)
NOISE = RNG.uniform(-9, 9, N)
DATASET = xr.Dataset({"noise": ("time", NOISE)}, {"time": np.arange(N)})
TEXT = RNG.bytes(N).hex()


def hdf4(path):
    layer = GridLayer("a", np.dtype(np.int16), -9, (-30000, 30000), "noise", "1", step=1e-3)
    write_grid(path, "grid", {layer: NOISE.reshape(1024, -1)})


def raw_netcdf(path):
    with new_netcdf(path) as file:
        file.createDimension("time", N)
        file.createVariable("noise", float, ("time",))[:] = NOISE


def figure(path):
    picture = matplotlib.figure.Figure(figsize=(20, 20))
    picture.figimage(NOISE.reshape(1024, -1))
    write_picture(picture, path)


def climate(path):
    with atomic_output(path) as store:
        create_climate_store(store, ("TA",), CELL, TIME)
        write_climate_block(store, "TA", 0, NOISE[: CELL.size * 366].reshape(-1, 366))


def vegetation(path):
    patches = {"cell": CELL, "share": np.ones(CELL.size)}
    with vegetation_store(path, patches, {"step": (("NDVI",), TIME)}) as store:
        store.write(
            "NDVI", NOISE[: CELL.size * TIME.size].reshape(TIME.size, -1).view(np.int16)[:, ::4]
        )


def nee(path):
    months, members = TIME[:1], [0]
    fluxes = NOISE[: CELLS * 366].reshape(CELLS, 366)
    with unfinished(path, "a" * 64) as store:
        create_nee_store(store, xr.Dataset(coords={"cell": CELL}), TIME, months, members)
        for start in CELL[::CELLS]:
            write_nee_block(store, start, fluxes, abs(fluxes), fluxes[None, :, :1])


WRITERS = {
    "interim.nc": lambda path: write_interim(DATASET, path),
    "interim.zarr": lambda path: write_interim(DATASET, path),
    "product.nc": lambda path: write_netcdf(
        DATASET.chunk(time=N // 8), path, dict.fromkeys(DATASET.variables, {})
    ),
    "table.csv": lambda path: write_table(pd.DataFrame({"noise": NOISE}), path),
    "metrics.json": lambda path: write_json({"noise": TEXT}, path),
    "report.html": lambda path: write_page(TEXT, path),
    "fold_0.npz": lambda path: write_checkpoint(path, "run", {"noise": NOISE}),
    "figure.png": figure,
    "raw.hdf": hdf4,
    "raw.nc": raw_netcdf,
    "climate.zarr": climate,
    "vegetation.zarr": vegetation,
    "nee.zarr": nee,
}


def failed(folder: Path, name: str) -> dict:
    """Write on the small disk in a separate process: HDF5 never closes a file it cannot write."""
    for path in folder.iterdir():  # left by the previous writer
        remove(path)
    free = shutil.disk_usage(folder).free / 1e6
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        error = pool.submit(error_of, folder, name).result()
    left = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    return {"free": free, "error": error, "left": left}


def error_of(folder: Path, name: str) -> str:
    """Error of a writer; empty if it succeeds."""
    try:
        WRITERS[name](folder / name)
    except DataError as error:
        return str(error)
    return ""


def same(folder: Path, name: str) -> bool:
    """Write on the enlarged disk, in the place that failed before and in a new one, and compare."""
    undisturbed = folder / "undisturbed" / name
    for path in (folder / name, undisturbed):
        WRITERS[name](path)
    return entry(folder / name) == entry(undisturbed)


def main(folder: Path) -> None:
    reports = {name: failed(folder, name) for name in WRITERS}
    subprocess.run(["mount", "-o", "remount,size=256m", folder], check=True)
    for name in WRITERS:
        reports[name]["same"] = same(folder, name)
    sys.stdout.write(json.dumps(reports))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
