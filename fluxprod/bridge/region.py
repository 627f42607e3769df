"""The whole bridge, region by region: strata, candidates, regression."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from fluxprod.bridge.candidates import draw_candidates
from fluxprod.bridge.cell_fluxes import covered
from fluxprod.bridge.clusters import number_of_clusters, spectral_clusters
from fluxprod.bridge.regional_model import (
    EMPTY,
    SPARSE,
    Recipe,
    RegionalModel,
    every_cell,
    fit_region,
)


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
    """A region's cells, their clusters, and the model of their total.

    Parameters
    ----------
    number : int
        Of the region.
    at : ndarray of int, shape (cell,)
        Positions of its cells among all land cells: those with data, where a model is fitted.
    cluster : ndarray of int, shape (cell,)
        -1 without data.
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
        Of all cells for ``sampled`` and ``exact``, which need no data; without contributions
        where no cell has data for the others.
    """
    at = covered(fluxes, number)
    cluster = clusters_of(fluxes, at, strata, threads)
    if recipe.method not in SPARSE:
        inside = np.flatnonzero(fluxes.cell_region.values == number)
        of_all = np.full(len(inside), -1, dtype=np.int16)
        of_all[np.searchsorted(inside, at)] = cluster
        model = every_cell(fluxes.land_area.values[inside])
        return RegionalBridge(number, inside, of_all, model)
    if not len(at):
        return RegionalBridge(number, at, cluster, EMPTY)
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


def clusters_of(fluxes: xr.Dataset, at: np.ndarray, strata: Strata, threads: int) -> np.ndarray:
    """Clusters of cells with data, int16 (cell,); for `robustness` whatever the method."""
    if not len(at):
        return np.array([], np.int16)
    wanted = number_of_clusters(len(at), n_clusters=strata.n_clusters, members=strata.members)
    return spectral_clusters(fluxes.cycle.values[at], wanted, seed=strata.seed, threads=threads)
