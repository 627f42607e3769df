"""Regional linear models: a region's total flux from the fluxes of a few cells, or of all."""

from pathlib import Path

from rich.progress import track

from fluxprod.bridge.cell_fluxes import cell_fluxes, fluxcom_totals
from fluxprod.bridge.operator import bridge_dataset
from fluxprod.bridge.region import Strata, bridge_region
from fluxprod.bridge.regional_model import Recipe
from fluxprod.core.grid import Grid
from fluxprod.core.regions import REGIONS
from fluxprod.params import Bridge, Compute, World
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
    params: Bridge,
    compute: Compute,
) -> None:
    cubes = track(
        fluxcom_years(fluxcom, world.years), description="FLUXCOM", total=len(world.years)
    )
    fluxes = cell_fluxes(cubes, Grid(world.resolution), read_interim(geography))
    strata = Strata(params.n_clusters, params.candidates_per_cluster, params.seed)
    recipe = Recipe(params.method, params.r2_threshold, params.n_alphas, params.n_cv_folds)
    threads = compute.threads * compute.processes
    parts = [
        bridge_region(fluxes, region.number, strata=strata, recipe=recipe, threads=threads)
        for region in track(REGIONS, description="bridge")
    ]
    models = bridge_dataset(
        parts, fluxes, method=params.method, cells_per_step=params.cells_per_step
    )
    write_interim(models, bridge)
    rounding = {"NEE": TOTAL_STEP, "unassigned": TOTAL_STEP, "NEE_mean": 1e-4}
    write_interim(fluxcom_totals(fluxes), fluxcom_regional, rounding=rounding)


if __name__ == "__main__":
    run(main)
