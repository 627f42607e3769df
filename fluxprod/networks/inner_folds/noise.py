"""Noise on the drivers of training records, which smooths the network (Bishop 1995)."""

import numpy as np


def noisy_copies(
    x: np.ndarray, y: np.ndarray, noise: float, n_copies: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Repeat records with Gaussian noise on their drivers.

    Training with noise penalises the gradient of the network with respect to its drivers
    (doi:10.1162/neco.1995.7.1.108), and thereby limits extrapolation to sites unlike those of the
    training.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        NEE [g m-2 d-1].
    noise : float
        Standard deviation of the noise, relative to that of each driver; zero returns the records
        themselves [1].
    n_copies : int
        Number of noisy copies of each record.
    rng : numpy.random.Generator
        Source of the noise.

    Returns
    -------
    x : ndarray, shape (record * n_copies, driver)
        Drivers with noise.
    y : ndarray, shape (record * n_copies,)
        NEE [g m-2 d-1].
    """
    if not noise:
        return x, y
    copies = np.tile(x, (n_copies, 1))
    copies += noise * x.std(axis=0) * rng.standard_normal(copies.shape)
    return copies, np.tile(y, n_copies)
