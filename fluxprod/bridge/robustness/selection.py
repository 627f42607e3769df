"""How often each cell is selected when candidates are drawn repeatedly (Figs. B2 to B4)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fluxprod.bridge.candidates import draw_candidates
from fluxprod.bridge.fit import Fit


@dataclass(frozen=True)
class Draws:
    """Results of repeated draws of candidates in one region.

    Parameters
    ----------
    drawn, chosen : ndarray of int, shape (cell,)
        Number of draws in which a cell was a candidate, and in which it contributed.
    r2 : ndarray, shape (draw,)
        R2 in training [1].
    n_chosen : ndarray of int, shape (draw,)
        Number of contributing cells.
    share_sum : ndarray, shape (draw,)
        Sum of the coefficients, as a share of the land area of the cells [1].
    overlap_drawn, overlap_chosen : float
        Mean overlap of two draws: of their candidates, and of their contributing cells [1].
    """

    drawn: np.ndarray
    chosen: np.ndarray
    r2: np.ndarray
    n_chosen: np.ndarray
    share_sum: np.ndarray
    overlap_drawn: float
    overlap_chosen: float


def repeat_draws(
    nee: np.ndarray,
    land_area: np.ndarray,
    cluster: np.ndarray,
    regression: Callable[[np.ndarray, np.ndarray], Fit],
    *,
    members: int,
    n_draws: int,
    generator: np.random.Generator,
) -> Draws:
    """Fit a region's mean flux with many random sets of candidates in turn.

    Parameters
    ----------
    nee : ndarray, shape (cell, month)
        Monthly mean NEE of the region's cells [g m-2 d-1].
    land_area : ndarray, shape (cell,)
        Land area of the cells [m2].
    cluster : ndarray of int, shape (cell,)
        Cluster of each cell.
    regression : callable
        Regression of the regional mean on the candidates' fluxes (month, candidate).
    members : int
        Number of candidates per cluster.
    n_draws : int
        Number of sets of candidates.
    generator : Generator
        Source of the draws.

    Returns
    -------
    Draws
        Selected cells and quality of the fits.
    """
    drawn = np.zeros((n_draws, len(cluster)), dtype=bool)
    chosen, (r2, share_sum) = np.zeros_like(drawn), np.full((2, n_draws), np.nan)
    y = land_area @ nee / max(land_area.sum(), 1.0)
    for draw in range(n_draws if len(cluster) else 0):
        candidate = draw_candidates(cluster, members, generator=generator)
        fit = regression(nee[candidate].T, y)
        drawn[draw, candidate] = True
        chosen[draw, candidate] = fit.share != 0
        r2[draw], share_sum[draw] = fit.r2, fit.share.sum()
    return Draws(
        drawn=drawn.sum(axis=0),
        chosen=chosen.sum(axis=0),
        r2=r2,
        n_chosen=chosen.sum(axis=1),
        share_sum=share_sum,
        overlap_drawn=mean_overlap(drawn),
        overlap_chosen=mean_overlap(chosen),
    )


def mean_overlap(member: np.ndarray) -> float:
    """Expected overlap of two sets: the Jaccard index, averaged over all pairs.

    Parameters
    ----------
    member : ndarray of bool, shape (set, cell)
        Which cells each set contains.

    Returns
    -------
    float
        Ratio of cells in both sets to cells in either: 1 for equal sets, 0 for disjoint sets. Pairs
        of empty sets are ignored; NaN if there is no other pair [1].
    """
    count = member.astype(np.float32)  # exact below 2^24 cells
    both, size = count @ count.T, count.sum(axis=1)
    either = size[:, None] + size - both
    pairs = np.triu(either > 0, 1)
    return float((both[pairs] / either[pairs]).mean(dtype=float)) if pairs.any() else float("nan")


def composition(
    weight: np.ndarray, pft: np.ndarray, region: np.ndarray, types: np.ndarray, n_regions: int
) -> np.ndarray:
    """Share of each plant functional type in each region, weighted by counts of the cells.

    Parameters
    ----------
    weight : ndarray, shape (cell,)
        Weight of each cell: the number of its selections, or one.
    pft : ndarray of int, shape (cell,)
        Dominant type of each cell.
    region : ndarray of int, shape (cell,)
        Region number of each cell; cells outside all regions (-1) are left out.
    types : ndarray of int, shape (pft,)
        Type numbers in ascending order.
    n_regions : int
        Number of regions.

    Returns
    -------
    ndarray, shape (n_regions + 1, pft)
        Shares, which sum to one in each row; the last row is that of all regions together, and
        rows without any weight are NaN [1].
    """
    count = np.zeros((n_regions + 1, len(types)))
    inside = region >= 0
    np.add.at(count, (region[inside], np.searchsorted(types, pft[inside])), weight[inside])
    count[-1] = count[:-1].sum(axis=0)
    total = count.sum(axis=1, keepdims=True)
    share = np.full_like(count, np.nan)
    np.divide(count, total, out=share, where=total > 0)
    return share
