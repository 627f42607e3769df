"""Stratified random candidates: the cells from which the sparse regression may choose."""

import numpy as np


def draw_candidates(
    cluster: np.ndarray, members: int, *, generator: np.random.Generator
) -> np.ndarray:
    """Draw cells from every cluster without replacement.

    Parameters
    ----------
    cluster : ndarray of int, shape (cell,)
        Cluster of each cell.
    members : int
        Number of cells to draw from each cluster; a smaller cluster gives all of its cells.
    generator : Generator
        Source of the draws.

    Returns
    -------
    ndarray of int, shape (candidate,)
        Positions of the candidates among the cells, in ascending order.
    """
    drawn = [
        generator.permutation(np.flatnonzero(cluster == label))[:members]
        for label in np.unique(cluster)
    ]
    return np.sort(np.concatenate(drawn)) if drawn else np.array([], dtype=int)
