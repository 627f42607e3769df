"""Coordinates in which clusters of a graph lie apart: eigenvectors of its normalised affinity.

The eigenvectors are those of scikit-learn's `SpectralClustering`, from products with the matrix
alone: its own solver makes four copies in 64 bits and factorises one, 10 GB for 15,000 cells.
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

ROWS = 256  # rows of the matrix at a time in 64 bits


def spectral_embedding(likeness: np.ndarray, n_components: int, *, start: np.ndarray) -> np.ndarray:
    """Find the leading generalised eigenvectors of a graph (Shi and Malik 2000).

    Solves ``W u = lambda D u``, D the sums of the rows of W, by Lanczos iteration on
    ``D^-1/2 W D^-1/2`` (doi:10.1109/34.868688; von Luxburg 2007, doi:10.1007/s11222-007-9033-z).

    Parameters
    ----------
    likeness : ndarray, shape (n, n)
        Symmetric affinities above zero [1]; the diagonal does not count. Any precision: sums are
        in 64 bits.
    n_components : int
        Fewer than n.
    start : ndarray, shape (n,)
        Of the iteration.

    Returns
    -------
    ndarray, shape (n, n_components)
        From the largest eigenvalue on; the first is constant.
    """
    n, own = len(likeness), np.diagonal(likeness)
    degree = likeness.sum(axis=1, dtype=float) - own
    root = np.sqrt(degree)

    def product(vector: np.ndarray) -> np.ndarray:
        vector = vector.ravel() / root
        return (_times(likeness, vector) - own * vector) / root

    operator = LinearOperator((n, n), matvec=product, dtype=float)
    # the seed is for spaces that run out of directions: equal cells
    _, vector = eigsh(operator, n_components, which="LA", v0=start, rng=0)
    return np.asarray(vector[:, ::-1] / root[:, None])


def _times(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Product in 64 bits with a matrix of 32, a few rows at a time."""
    blocks = range(0, len(matrix), ROWS)
    return np.concatenate([matrix[at : at + ROWS].astype(float) @ vector for at in blocks])
