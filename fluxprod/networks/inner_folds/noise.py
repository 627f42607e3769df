"""Noise on the drivers of training records: a smoother network, as by Bishop (1995)."""

import numpy as np


def noisy_copies(
    x: np.ndarray, y: np.ndarray, noise: float, n_copies: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Repeat records with normal noise on their drivers.

    Training with noise penalises the slope of the network (doi:10.1162/neco.1995.7.1.108), and
    so how far it extrapolates to sites unlike those it saw.

    Parameters
    ----------
    x, y : ndarray, shape (record, driver) and (record,)
    noise : float
        In standard deviations of each driver [1]; zero returns the records themselves.
    n_copies : int
    rng : numpy.random.Generator

    Returns
    -------
    x, y : ndarray, shape (record * n_copies, driver) and (record * n_copies,)
    """
    if not noise:
        return x, y
    copies = np.tile(x, (n_copies, 1))
    copies += noise * x.std(axis=0) * rng.standard_normal(copies.shape)
    return copies, np.tile(y, n_copies)
