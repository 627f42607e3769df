"""Repeat the bridge with random candidates to see which cells are chosen and how well they fit."""

from functools import partial
from pathlib import Path

import numpy as np
from rich.progress import track

from fluxprod.bridge.robustness.heat_map import heat_map_dataset
from fluxprod.bridge.robustness.selection import Draws, repeat_draws
from fluxprod.bridge.robustness.settings import RobustnessSettings
from fluxprod.bridge.settings import BridgeSettings
from fluxprod.bridge.sparse_regression import lasso_to_r2
from fluxprod.core.regions import REGIONS
from fluxprod.readers.interim import read_interim
from fluxprod.stages._run import run
from fluxprod.writers.interim import write_interim


def main(
    *,
    geography: Path,
    bridge: Path,
    fluxcom: Path,
    robustness: Path,
    params: RobustnessSettings,
    bridge_params: BridgeSettings,
) -> None:
    land, cells = read_interim(geography), read_interim(bridge)
    nee, area = read_interim(fluxcom).NEE_month.values.astype(float), land.land_area.values
    lasso = partial(
        lasso_to_r2, r2_threshold=bridge_params.r2_threshold, n_alphas=bridge_params.n_alphas
    )
    parts: list[tuple[np.ndarray, Draws]] = []
    for region in track(REGIONS, description="robustness"):
        known = (land.cell_region == region.number) & (cells.cluster.values >= 0)
        at = np.flatnonzero(known)
        draws = repeat_draws(
            nee[at],
            area[at],
            cells.cluster.values[at],
            lasso,
            members=bridge_params.candidates_per_cluster,
            n_draws=params.n_draws,
            generator=np.random.default_rng([params.seed, region.number]),
        )
        parts.append((at, draws))
    write_interim(heat_map_dataset(parts, land), robustness)


if __name__ == "__main__":
    run(main)
