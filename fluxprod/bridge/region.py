"""The whole bridge, region by region: strata, candidates, regression."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from fluxprod.bridge.candidates import draw_candidates
from fluxprod.bridge.cell_fluxes import covered
from fluxprod.bridge.clusters import number_of_clusters, spectral_clusters
from fluxprod.bridge.regional_model import EMPTY, Recipe, RegionalModel, fit_region


@dataclass(frozen=True)
class Strata:
    """How the candidates of a region are drawn.

    Parameters
    ----------
    n_clusters : int
        Clusters of a region, fewer where it has few cells.
    members : int
        Candidates of a cluster.
    seed : int
        Of clustering and draws; every region has its own stream.
    """

    n_clusters: int
    members: int
    seed: int


@dataclass(frozen=True)
class RegionalBridge:
    """A region's cells with data, their clusters, and the model fitted to them.

    Parameters
    ----------
    number : int
        Of the region.
    at : ndarray of int, shape (cell,)
        Positions of its cells among all land cells.
    cluster : ndarray of int, shape (cell,)
    model : RegionalModel
    """

    number: int
    at: np.ndarray
    cluster: np.ndarray
    model: RegionalModel


def bridge_region(
    fluxes: xr.Dataset, number: int, *, strata: Strata, recipe: Recipe, threads: int = 1
) -> RegionalBridge:
    """Cluster a region's cells, draw candidates and fit its model.

    Parameters
    ----------
    fluxes : Dataset
        As `cell_fluxes.cell_fluxes` gives it.
    number : int
        Of the region.
    strata : Strata
    recipe : Recipe
    threads : int
        Explicit.

    Returns
    -------
    RegionalBridge
        Without contributions where the region has no cell with data.
    """
    at = covered(fluxes, number)
    if not len(at):
        return RegionalBridge(number, at, np.array([], np.int16), EMPTY)
    wanted = number_of_clusters(len(at), n_clusters=strata.n_clusters, members=strata.members)
    cluster = spectral_clusters(fluxes.cycle.values[at], wanted, seed=strata.seed, threads=threads)
    generator = np.random.default_rng([strata.seed, number])
    candidate = draw_candidates(cluster, strata.members, generator=generator)
    model = fit_region(
        fluxes.NEE_month.values[at],
        fluxes.land_area.values[at],
        cluster,
        candidate,
        fluxes.time.dt.year.values,
        recipe,
    )
    return RegionalBridge(number, at, cluster, model)
