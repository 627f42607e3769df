"""Coordinates that separate the clusters of a graph: eigenvectors of its normalised affinity.

The eigenvectors are those of scikit-learn's `SpectralClustering`, but computed only from products
with the matrix: the solver of scikit-learn makes four 64-bit copies and factorises one of them,
which takes 10 GB for 15,000 cells.
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

ROWS = 256  # rows of the matrix that are converted to 64 bits at once


def spectral_embedding(likeness: np.ndarray, n_components: int, *, start: np.ndarray) -> np.ndarray:
    """Find the leading generalised eigenvectors of a graph (Shi and Malik 2000).

    Solves ``W u = lambda D u``, where D is the diagonal matrix of the row sums of W, by Lanczos
    iteration on ``D^-1/2 W D^-1/2`` (doi:10.1109/34.868688; von Luxburg 2007,
    doi:10.1007/s11222-007-9033-z).

    Parameters
    ----------
    likeness : ndarray, shape (n, n)
        Symmetric, positive affinities of any precision; the diagonal is ignored and sums are
        64-bit [1].
    n_components : int
        Number of eigenvectors, fewer than n.
    start : ndarray, shape (n,)
        Start vector of the iteration.

    Returns
    -------
    ndarray, shape (n, n_components)
        Eigenvectors in descending order of eigenvalue; the first is constant.
    """
    n, own = len(likeness), np.diagonal(likeness)
    degree = likeness.sum(axis=1, dtype=float) - own
    root = np.sqrt(degree)

    def product(vector: np.ndarray) -> np.ndarray:
        vector = vector.ravel() / root
        return np.asarray((_product(likeness, vector) - own * vector) / root)

    operator = LinearOperator((n, n), matvec=product, dtype=float)
    # the seed matters only where the Krylov space is exhausted, as with identical cells
    _, vector = eigsh(operator, n_components, which="LA", v0=start, rng=0)
    return np.asarray(vector[:, ::-1] / root[:, None])


def _product(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """64-bit product of a 32-bit matrix and a vector, a few rows at a time."""
    blocks = range(0, len(matrix), ROWS)
    return np.concatenate([matrix[at : at + ROWS].astype(float) @ vector for at in blocks])
