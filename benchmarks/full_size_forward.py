"""The forward run at 0.5 degree: 67,000 cells, 2001 to 2017, 20 members, on made-up drivers.

``python -m benchmarks.full_size_forward write FOLDER`` writes the inputs of the stage, with cells
that repeat every 1,024. ``... run FOLDER`` runs the stage; followed by a number, it stops after
that many blocks. CPU seconds, peak memory and size on disk are printed as JSON.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import xarray as xr

from benchmarks.full_size_modis import peak_memory
from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.tasks import map_tasks
from fluxprod.core.time_axis import CALENDAR_DAYS, calendar_day, daily_axis
from fluxprod.core.variables import DRIVERS, VARIABLES
from fluxprod.core.world import World
from fluxprod.drivers.cells import DIMS
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.mlp import initial_weights, layer_sizes
from fluxprod.networks.model.networks_dataset import networks_dataset
from fluxprod.networks.model.scaling import Scaling
from fluxprod.networks.settings import ForwardSettings
from fluxprod.stages import forward
from fluxprod.writers.driver_store import SHARD, create_driver_store, shards, write_driver_shard
from fluxprod.writers.nee_store import STEPS

N_CELLS, N_MEMBERS = 67_000, 20
WORLD = World(resolution=0.5, first_year=2001, last_year=2017)
TIME = daily_axis(WORLD.first_year, WORLD.last_year)  # 6,209 days
SEASON = np.cos(2 * np.pi * np.arange(CALENDAR_DAYS) / CALENDAR_DAYS)


def write_world(folder: Path) -> None:
    """Write networks and drivers of a full-size run; all shards of drivers are links to one."""
    rng = np.random.default_rng(1)
    shard = xr.Dataset({name: (DIMS[name], driver(name, rng)) for name in DRIVERS})
    facts = dict.fromkeys(("cell_lat", "cell_lon", "cell_region", "land_area"), np.ones(N_CELLS))
    cells = xr.Dataset(
        {name: ("cell", values) for name, values in facts.items()},
        {"cell": np.arange(N_CELLS), "time": TIME, "calendar_day": np.arange(CALENDAR_DAYS) + 1},
    )
    store = folder / "drivers.zarr"
    create_driver_store(store, cells, {name: DIMS[name] for name in DRIVERS})
    write_driver_shard(store, slice(0, SHARD), shard)
    for name in DRIVERS:
        files = store / name / "c"
        rest = ["0"] if len(DIMS[name]) == 2 else []  # of the key of a shard
        for number in range(1, len(shards(N_CELLS))):
            other = files.joinpath(str(number), *rest)
            other.parent.mkdir(exist_ok=True)
            os.link(files.joinpath("0", *rest), other)
    networks(shard, rng).to_netcdf(folder / "networks.nc")


def driver(name: str, rng: np.random.Generator) -> np.ndarray:
    """Seasons, weather and differences between cells, within the physical range of the driver."""
    low, high = VARIABLES[name].valid
    values = rng.normal(0.0, 1.0, (SHARD, 1))
    if "calendar_day" in DIMS[name]:
        values = values + SEASON
    if "time" in DIMS[name]:
        weather = rng.normal(0.0, 0.3, (SHARD, len(TIME)))
        values = values + SEASON[calendar_day(TIME) - 1] + weather
    values = low + (high - low) * (0.5 + 0.1 * values).clip(0.0, 1.0)
    return values if len(DIMS[name]) == 2 else values[:, 0]


def networks(shard: xr.Dataset, rng: np.random.Generator) -> xr.Dataset:
    """Untrained members, scaled to fluxes of about 1 g m-2 d-1."""
    mean = np.array([float(shard[name].mean()) for name in DRIVERS])
    std = np.array([float(shard[name].std()) for name in DRIVERS])
    sizes = layer_sizes(len(DRIVERS), width=32, depth=3)
    scaling = Scaling(mean, std, 0.0, 10.0)
    members = [Member(initial_weights(sizes, rng), scaling, 1, []) for _ in range(N_MEMBERS)]
    return networks_dataset(members, range(N_MEMBERS), DRIVERS, seed=1)


class EnoughBlocksError(Exception):
    """The requested number of blocks is complete."""


def run_stage(folder: Path, most: int | None) -> None:
    """Run the stage as the pipeline does, with two blocks at a time."""

    def some(function, tasks, compute, **options):
        yield from map_tasks(function, tasks[:most], compute, **options)
        if most is not None:
            raise EnoughBlocksError

    forward.map_tasks = some
    with contextlib.suppress(EnoughBlocksError):
        forward.main(
            networks=folder / "networks.nc",
            drivers=folder / "drivers.zarr",
            nee=folder / "nee.zarr",
            world=WORLD,
            params=ForwardSettings(block=16384),
            compute=ComputeSettings(scheduler="local", device="cpu", threads=1, processes=2),
        )


def on_disk(folder: Path) -> dict:
    """Number of blocks on disk, and the size of their shards by variable [MB]."""
    shards_of = {name: list(folder.rglob(f"nee.zarr/{name}/c/**/*")) for name in STEPS}
    shards_of = {name: [p for p in paths if p.is_file()] for name, paths in shards_of.items()}
    sizes = {n: sum(p.stat().st_size for p in paths) / 1e6 for n, paths in shards_of.items()}
    return {"blocks": len(shards_of["NEE_mean"]), "mb": {n: round(s) for n, s in sizes.items()}}


if __name__ == "__main__":
    what, where, *most = sys.argv[1:]
    folder, start = Path(where), time.monotonic()
    if what == "write":
        write_world(folder)
    else:
        run_stage(folder, int(most[0]) if most else None)
        taken = {"cpu_s": time.process_time(), "wall_s": time.monotonic() - start}
        taken |= {"peak_gb": peak_memory()}
        figures = {name: round(value, 2) for name, value in taken.items()}
        print(json.dumps(figures | on_disk(folder)))  # noqa: T201
