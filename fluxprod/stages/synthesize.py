"""Write the synthetic Earth in the native formats of the raw files, and its truth separately."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.console import Console

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.constants import TRUTH_FILE
from fluxprod.core.disk_full_errors import disk_full_errors
from fluxprod.core.world import SyntheticWorld
from fluxprod.stages._run import run
from fluxprod.synthetic import raw_fluxes, raw_satellites, raw_towers, raw_weather
from fluxprod.synthetic.earth.reference import read_reference
from fluxprod.synthetic.earth.world import Earth, make_earth
from fluxprod.synthetic.parallel_writers import run_in_processes
from fluxprod.synthetic.settings import EarthSettings
from fluxprod.writers.interim import write_interim

KINDS = (
    "fluxnet", "lathuile", "era5", "modis", "inversions", "gfas", "rivers", "fluxcom", "budget",
    "regions",
)  # fmt: skip


def main(
    *,
    reference: Path,
    raw: Path,
    truth: Path,
    world: SyntheticWorld,
    params: EarthSettings,
    compute: ComputeSettings,
) -> None:
    with Console(stderr=True).status("synthesize: daily weather and ecosystems"):
        earth = make_earth(read_reference(reference), world.resolution, world.years, params.seed)
    with Console(stderr=True).status("synthesize: raw files"), atomic_output(raw) as folder:
        for kind in KINDS:
            (folder / kind).mkdir(parents=True)
        jobs = [partial(_with_disk_full_errors, raw, job) for job in writers(earth, folder)]
        run_in_processes(jobs, compute.processes)
    rounding = {"NEE_month": 1e-4, "GPP_mean": 1e-4, "land_fraction": 1e-6, "cell_area": 1.0}
    write_interim(raw_fluxes.truth(earth), truth / TRUTH_FILE, rounding=rounding)


def writers(earth: Earth, raw: Path) -> list[Callable[[], None]]:
    """List the functions that write the raw files, the slowest first."""
    budget, regions = "Global_Carbon_Budget_2022v1.0.xlsx", "GCP_18regions_mask_0.5deg_corr.nc"
    return [
        partial(raw_satellites.write_satellites, earth, raw / "modis"),
        partial(raw_weather.write_weather, earth, raw / "era5"),
        partial(raw_fluxes.write_inversions, earth, raw),
        partial(raw_towers.write_fluxnet, earth, raw / "fluxnet"),
        partial(raw_fluxes.write_fires, earth, raw / "gfas"),
        partial(raw_fluxes.write_fluxcom, earth, raw / "fluxcom"),
        partial(raw_towers.write_lathuile, earth, raw / "lathuile"),
        partial(raw_fluxes.write_budget, earth, raw / "budget" / budget),
        partial(raw_fluxes.write_regions, earth, raw / "regions" / regions),
    ]


def _with_disk_full_errors(raw: Path, job: Callable[[], None]) -> None:
    with disk_full_errors(raw):
        job()


if __name__ == "__main__":
    run(main)
