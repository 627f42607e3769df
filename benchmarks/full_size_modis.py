"""A full-size MOD13C1 composite on Earth-like land, and two ways to compute its patch means.

``python -m benchmarks.full_size_modis WAY FOLDER`` prints the CPU seconds of one of the ways
(``ours`` or ``plain``) and the peak memory of its process, which does nothing else.
"""

import json
import re
import sys
import time
from pathlib import Path

import numpy as np
import xarray as xr
from pyhdf.SD import SD, SDC

from fluxprod.core.grid import Grid, cell_area
from fluxprod.drivers.patches.cover import Patches
from fluxprod.drivers.patches.patch_mean import PatchMean
from fluxprod.readers.modis.composite import read_composite
from fluxprod.readers.modis.composites import Source
from fluxprod.readers.modis.pixels import Pixels

FINE, COARSE = Grid(0.05), Grid(0.5)
INSIDE = 10  # fine cells along the side of a coarse one
NAMES = ("NDVI", "EVI")
TITLE = "CMG 0.05 Deg 16 days"
FILE, CLASSES, PATCHES = "MOD13C1.A2001001.061.hdf", "igbp.npy", "patches.npy"
N_TYPES = 16


def waves(rng: np.random.Generator, finest: float) -> np.ndarray:
    """Smooth noise on the fine grid, about -1 to 1, as float32."""
    lat, lon = np.radians(FINE.lat)[:, None], np.radians(FINE.lon)[None, :]
    total = np.zeros(FINE.shape, np.float32)
    for scale in 2.0 ** np.arange(1, 1 + np.log2(finest)):
        phase = rng.uniform(0, 2 * np.pi, 2)
        across = np.sin(scale * lat + phase[0]) * np.cos(np.round(scale) * lon + phase[1])
        total += (across / scale**0.5).astype(np.float32)
    return total


def write_world(folder: Path) -> None:
    """Write a globe with a third of land, of patchy types and a third of it under clouds."""
    rng = np.random.default_rng(5)
    height = waves(rng, 64)
    land = height > np.quantile(height[::20, ::20], 0.67)
    land[FINE.lat < -60] = False
    patchy = waves(rng, 512) + rng.normal(0, 0.08, FINE.shape)
    kind = np.digitize(patchy, np.linspace(-1, 1, N_TYPES - 1)) + 1
    igbp = np.where(land, kind, 0).astype(np.uint8)
    np.save(folder / CLASSES, igbp)
    np.save(folder / PATCHES, patch_keys(igbp))
    green = 0.5 + 0.3 * waves(rng, 256) + rng.normal(0, 0.05, FINE.shape)
    cloud = waves(rng, 128) > 0.3
    file = SD(str(folder / FILE), SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    for name, share in (("NDVI", 1e4), ("EVI", 6e3)):
        raw = np.where(land, np.clip(green * share, -2000, 10000), -3000).astype(np.int16)
        _add(file, f"{TITLE} {name}", SDC.INT16, raw, -3000)
    rank = np.where(land, np.where(cloud, 3, 0), -1).astype(np.int8)
    _add(file, f"{TITLE} pixel reliability", SDC.INT8, rank, -1)
    file.end()


def _add(file: SD, name: str, kind: int, raw: np.ndarray, fill: int) -> None:
    dataset = file.create(name, kind, raw.shape)
    dataset.setcompress(SDC.COMP_DEFLATE, 5)
    dataset.attr("_FillValue").set(kind, fill)
    dataset.attr("scale_factor").set(SDC.FLOAT64, 10000.0)
    dataset.attr("add_offset").set(SDC.FLOAT64, 0.0)
    dataset[:] = raw[::-1]
    dataset.endaccess()


def classes(folder: Path) -> xr.DataArray:
    """Type of each fine cell, south to north."""
    coords = {"lat": FINE.lat, "lon": FINE.lon}
    return xr.DataArray(np.load(folder / CLASSES), coords=coords, dims=("lat", "lon"))


def patch_keys(igbp: np.ndarray) -> np.ndarray:
    """All pairs of coarse cell and type, encoded as cell times 256 plus type and sorted."""
    row, column = np.arange(FINE.shape[0]) // INSIDE, np.arange(FINE.shape[1]) // INSIDE
    cell = row[:, None] * COARSE.shape[1] + column
    return np.unique((cell * 256 + igbp)[igbp > 0])


def setup(folder: Path) -> tuple[PatchMean, Pixels, Patches]:
    """Objects that are computed once for all composites."""
    keys = np.load(folder / PATCHES)
    patches = Patches(keys // 256, keys % 256, np.ones(len(keys)))
    mean = PatchMean(patches, classes(folder), COARSE)
    return mean, Pixels(mean.pixel, mean.shape), patches


def ours(folder: Path, mean: PatchMean, pixels: Pixels) -> dict[str, np.ndarray]:
    """Patch means of each variable, shape (patch,)."""
    sources = (Source(None, "MOD13C1", folder / FILE),)
    return {name: mean(field) for name, field in read_composite(sources, pixels).items()}


def plain(folder: Path) -> dict[str, np.ndarray]:
    """The same means with xarray, masked, scaled and coarsened type by type; (type, lat, lon)."""
    igbp = classes(folder)
    area = igbp.copy(data=cell_area(FINE.lat_edges, FINE.lon_edges))
    file = SD(str(folder / FILE), SDC.READ)
    layers = [*(f"{TITLE} {name}" for name in NAMES), f"{TITLE} pixel reliability"]
    raw = {name: igbp.copy(data=file.select(name).get()[::-1]) for name in layers}
    file.end()
    rank, means = raw[layers[-1]], {}
    for name, layer in zip(NAMES, layers):
        field = raw[layer].where((rank == 0) | (rank == 1)).where(raw[layer] >= -2000) / 10000.0
        by_type = []
        for kind in range(1, N_TYPES + 1):
            here = field.where(igbp == kind)
            total = (here * area).coarsen(lat=INSIDE, lon=INSIDE).sum()
            weight = area.where(here.notnull()).coarsen(lat=INSIDE, lon=INSIDE).sum()
            by_type.append((total / weight.where(weight > 0)).values)
        means[name] = np.stack(by_type)
    return means


def peak_memory() -> float:
    """Peak memory of this process [GB]; ru_maxrss would include that of the parent process."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024**2


def main(way: str, folder: Path) -> None:
    """Print the CPU time and peak memory of one way."""
    begin = time.process_time()
    arguments = () if way == "plain" else setup(folder)[:2]
    start = time.process_time()
    {"ours": ours, "plain": plain}[way](folder, *arguments)
    end = time.process_time()
    taken = {"setup_cpu_s": start - begin, "cpu_s": end - start, "peak_gb": peak_memory()}
    print(json.dumps({name: round(value, 2) for name, value in taken.items()}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
