"""How often a cell is chosen when the candidates are drawn again and again (Figs. B2 to B4)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fluxprod.bridge.candidates import draw_candidates
from fluxprod.bridge.fit import Fit


@dataclass(frozen=True)
class Draws:
    """What repeated draws of one region chose.

    Parameters
    ----------
    drawn, chosen : ndarray of int, shape (cell,)
        Draws in which a cell was a candidate, and those in which it contributed.
    r2 : ndarray, shape (draw,)
        In training [1].
    n_chosen : ndarray of int, shape (draw,)
        Contributing cells.
    share_sum : ndarray, shape (draw,)
        Sum of the coefficients, of the land that was given [1].
    overlap_drawn, overlap_chosen : float
        Of the candidates, and of the contributing cells, of two draws [1].
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
    """Fit a region's total on one random set of candidates after another.

    Parameters
    ----------
    nee : ndarray, shape (cell, month)
        [g m-2 d-1].
    land_area : ndarray, shape (cell,)
        [m2].
    cluster : ndarray of int, shape (cell,)
    regression : callable
        Fits the regional mean on candidates' fluxes (month, candidate).
    members : int
        Candidates of a cluster.
    n_draws : int
    generator : Generator

    Returns
    -------
    Draws
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
    """Overlap that two sets may be expected to have: Jaccard's index, the mean of all pairs.

    Parameters
    ----------
    member : ndarray of bool, shape (set, cell)
        Which cells each set holds.

    Returns
    -------
    float [1]
        Cells in both over cells in either: 1 for equal sets, 0 for sets apart. Pairs of empty sets
        do not count; NaN if there is no other pair.
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
        How often each cell counts: its choices, or one.
    pft : ndarray of int, shape (cell,)
        Majority type of each cell.
    region : ndarray of int, shape (cell,)
        Region number; cells of none (-1) are left out.
    types : ndarray of int, shape (pft,)
        Rising type numbers.
    n_regions : int

    Returns
    -------
    ndarray, shape (n_regions + 1, pft) [1]
        Rows sum to one; the last is of all regions together. NaN where nothing counts.
    """
    count = np.zeros((n_regions + 1, len(types)))
    inside = region >= 0
    np.add.at(count, (region[inside], np.searchsorted(types, pft[inside])), weight[inside])
    count[-1] = count[:-1].sum(axis=0)
    total = count.sum(axis=1, keepdims=True)
    return np.divide(count, total, out=np.full_like(count, np.nan), where=total > 0)
