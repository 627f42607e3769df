"""Coordinates that separate the clusters of a graph: eigenvectors of its normalised affinity.

The eigenvectors are those of scikit-learn's `SpectralClustering`, but computed only from products
with the matrix: the solver of scikit-learn makes four 64-bit copies and factorises one of them,
which takes 10 GB for 15,000 cells. Where the iteration does not converge within its bound, which
happens where eigenvalues nearly coincide, a dense solver finishes the work.
"""

import numpy as np
from scipy.linalg import eigh
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh

ROWS = 256  # rows of the matrix that are converted to 64 bits at once
LANCZOS_VECTORS = 60  # a third fewer products than with the 25 that SciPy takes for 12 eigenvectors
MAX_PRODUCTS = 1000  # spent on restarts; for 6,000 cells they cost as much as the dense solver


def spectral_embedding(likeness: np.ndarray, n_components: int, *, start: np.ndarray) -> np.ndarray:
    """Find the leading generalised eigenvectors of a graph (Shi and Malik 2000).

    Solves ``W u = lambda D u``, where D is the diagonal matrix of the row sums of W, by Lanczos
    iteration on ``D^-1/2 W D^-1/2`` (doi:10.1109/34.868688; von Luxburg 2007,
    doi:10.1007/s11222-007-9033-z), or directly if the iteration does not converge within
    `MAX_PRODUCTS` products.

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
    root = np.sqrt(likeness.sum(axis=1, dtype=float) - np.diagonal(likeness))
    try:
        vector = _iterated(likeness, root, n_components, start)
    except ArpackError:  # no convergence, or a breakdown of the iteration
        vector = _direct(likeness, root, n_components)
    return np.asarray(vector[:, ::-1] / root[:, None])


def _iterated(
    likeness: np.ndarray, root: np.ndarray, n_components: int, start: np.ndarray
) -> np.ndarray:
    """Leading eigenvectors of the normalised matrix, in ascending order of eigenvalue."""
    n, own = len(likeness), np.diagonal(likeness)

    def product(vector: np.ndarray) -> np.ndarray:
        vector = vector.ravel() / root
        return np.asarray((_product(likeness, vector) - own * vector) / root)

    operator = LinearOperator((n, n), matvec=product, dtype=float)
    kept = min(n, max(LANCZOS_VECTORS, 2 * n_components + 1))
    restarts = max(1, MAX_PRODUCTS // (kept - n_components))
    # the seed matters only where the Krylov space is exhausted
    _, vector = eigsh(
        operator, n_components, which="LA", v0=start, ncv=kept, maxiter=restarts, rng=0
    )
    return np.asarray(vector)


def _direct(likeness: np.ndarray, root: np.ndarray, n_components: int) -> np.ndarray:
    """The same from a dense 64-bit copy, 1.8 GB for 15,000 cells."""
    matrix, last = likeness.astype(float), len(likeness) - 1
    matrix /= root
    matrix /= root[:, None]
    np.fill_diagonal(matrix, 0.0)
    wanted = (last + 1 - n_components, last)
    # LAPACK overwrites the transpose, which is the same matrix, but would copy this one
    _, vector = eigh(matrix.T, subset_by_index=wanted, overwrite_a=True, check_finite=False)
    return np.asarray(vector)


def _product(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """64-bit product of a 32-bit matrix and a vector, a few rows at a time."""
    blocks = range(0, len(matrix), ROWS)
    return np.concatenate([matrix[at : at + ROWS].astype(float) @ vector for at in blocks])
