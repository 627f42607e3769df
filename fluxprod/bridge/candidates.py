"""Stratified random candidates: the cells among which the sparse regression may choose."""

import numpy as np


def draw_candidates(
    cluster: np.ndarray, members: int, *, generator: np.random.Generator
) -> np.ndarray:
    """Draw cells from every cluster, without replacement.

    Parameters
    ----------
    cluster : ndarray of int, shape (cell,)
        Label of each cell.
    members : int
        Wanted from every cluster; a smaller cluster gives all its cells.
    generator : Generator
        Of the draws.

    Returns
    -------
    ndarray of int
        Positions of the candidates, rising.
    """
    drawn = [
        generator.permutation(np.flatnonzero(cluster == label))[:members]
        for label in np.unique(cluster)
    ]
    return np.sort(np.concatenate(drawn)) if drawn else np.array([], dtype=int)
