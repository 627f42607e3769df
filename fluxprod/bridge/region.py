"""The complete bridge of one region: clusters, candidates and regression."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from fluxprod.bridge.candidates import draw_candidates
from fluxprod.bridge.cell_fluxes import cells_with_data
from fluxprod.bridge.clusters import number_of_clusters, spectral_clusters
from fluxprod.bridge.regional_model import EMPTY, RegionalModel, every_cell, fit_region
from fluxprod.bridge.settings import BridgeSettings
from fluxprod.core.constants import SPARSE_METHODS


@dataclass(frozen=True)
class RegionalBridge:
    """A region's cells, their clusters, and the model of their total.

    Parameters
    ----------
    number : int
        Number of the region.
    at : ndarray of int, shape (cell,)
        Positions of its cells among all land cells; only cells with data if a model is fitted.
    cluster : ndarray of int, shape (cell,)
        Cluster of each cell, -1 for cells without data.
    model : RegionalModel
        Linear model of the regional total.
    """

    number: int
    at: np.ndarray
    cluster: np.ndarray
    model: RegionalModel


def bridge_region(
    fluxes: xr.Dataset, number: int, settings: BridgeSettings, *, threads: int = 1
) -> RegionalBridge:
    """Cluster a region's cells, draw candidates and fit its model.

    Parameters
    ----------
    fluxes : Dataset
        As returned by `cell_fluxes.cell_fluxes`.
    number : int
        Number of the region.
    settings : BridgeSettings
        Method of the fit, clusters and candidates.
    threads : int
        Threads for the distances between cells.

    Returns
    -------
    RegionalBridge
        Model of the region. With ``sampled`` and ``exact``, which need no data, it contains every
        cell; with the other methods it has no contribution if no cell has data.
    """
    at = cells_with_data(fluxes, number)
    cluster = clusters_of(fluxes, at, settings, threads)
    if settings.method not in SPARSE_METHODS:
        inside = np.flatnonzero(fluxes.cell_region.values == number)
        all_clusters = np.full(len(inside), -1, dtype=np.int16)
        all_clusters[np.searchsorted(inside, at)] = cluster
        model = every_cell(fluxes.land_area.values[inside])
        return RegionalBridge(number, inside, all_clusters, model)
    if not len(at):
        return RegionalBridge(number, at, cluster, EMPTY)
    generator = np.random.default_rng([settings.seed, number])
    candidate = draw_candidates(cluster, settings.candidates_per_cluster, generator=generator)
    model = fit_region(
        fluxes.NEE_month.values[at],
        fluxes.land_area.values[at],
        cluster,
        candidate,
        fluxes.time.dt.year.values,
        settings,
    )
    return RegionalBridge(number, at, cluster, model)


def clusters_of(
    fluxes: xr.Dataset, at: np.ndarray, settings: BridgeSettings, threads: int
) -> np.ndarray:
    """Cluster the cells with data, also for methods that do not use the clusters.

    The stage ``robustness`` needs them whatever the method.

    Parameters
    ----------
    fluxes : Dataset
        As returned by `cell_fluxes.cell_fluxes`.
    at : ndarray of int, shape (cell,)
        Positions of the cells with data among all land cells.
    settings : BridgeSettings
        Number of clusters, candidates per cluster and seed.
    threads : int
        Threads for the distances between cells.

    Returns
    -------
    ndarray of int16, shape (cell,)
        Cluster of each cell.
    """
    if not len(at):
        return np.array([], np.int16)
    wanted = number_of_clusters(
        len(at), n_clusters=settings.n_clusters, members=settings.candidates_per_cluster
    )
    return spectral_clusters(fluxes.cycle.values[at], wanted, seed=settings.seed, threads=threads)
