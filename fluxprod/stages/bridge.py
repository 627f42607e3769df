"""Fit the bridge: linear models of each region's total flux from fluxes of its cells."""

from pathlib import Path

from rich.progress import track

from fluxprod.bridge.cell_fluxes import cell_fluxes, fluxcom_totals
from fluxprod.bridge.checks import regions_without_cells
from fluxprod.bridge.operator import fit_bridge
from fluxprod.bridge.settings import BridgeSettings
from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.core.regions import REGIONS
from fluxprod.core.world import World
from fluxprod.readers.fluxcom import fluxcom_years
from fluxprod.readers.interim import read_interim
from fluxprod.stages._run import run
from fluxprod.writers.interim import write_interim

TOTAL_STEP = 1e-6  # Pg month-1


def main(
    *,
    geography: Path,
    fluxcom: Path,
    bridge: Path,
    fluxcom_regional: Path,
    world: World,
    params: BridgeSettings,
    compute: ComputeSettings,
) -> None:
    cubes = track(
        fluxcom_years(fluxcom, world.years), description="FLUXCOM", total=len(world.years)
    )
    fluxes = cell_fluxes(cubes, Grid(world.resolution), read_interim(geography))
    threads = compute.threads * compute.processes
    regions = track(REGIONS, description="bridge")
    models = fit_bridge(fluxes, params, threads=threads, regions=regions)
    cell_region = fluxes.cell_region.values
    if empty := regions_without_cells(models.contribution_region.values, cell_region):
        raise DataError(
            fluxcom, "contributing cells", f"none in {', '.join(empty)}", "some in every region",
            "look for gaps in FLUXCOM there, raise bridge.r2_threshold or try another method",
        )  # fmt: skip
    write_interim(models, bridge)
    rounding = {"NEE": TOTAL_STEP, "unassigned": TOTAL_STEP, "NEE_mean": 1e-4}
    write_interim(fluxcom_totals(fluxes), fluxcom_regional, rounding=rounding)


if __name__ == "__main__":
    run(main)
