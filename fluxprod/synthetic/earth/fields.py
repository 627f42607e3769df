"""Spatially smooth random fields on the sphere, and named random streams."""

import numpy as np

GOLDEN = (1.0 + 5.0**0.5) / 2.0


def random_stream(seed: int, name: str) -> np.random.Generator:
    """Create the generator for one purpose; adding a purpose does not change the others."""
    return np.random.default_rng([seed, *name.encode()])


def sphere_nodes(spacing: float) -> tuple[np.ndarray, np.ndarray]:
    """Place points about ``spacing`` [degree] apart on the sphere (Fibonacci lattice).

    Returns
    -------
    tuple of ndarray
        Latitude and longitude [degree].
    """
    count = max(round(41_253.0 / spacing**2), 12)  # square degrees of the sphere
    turn = np.arange(count) + 0.5
    lat = np.degrees(np.arcsin(1.0 - 2.0 * turn / count))
    lon = (turn / GOLDEN % 1.0) * 360.0 - 180.0
    return lat, lon


def smoother(lat: np.ndarray, lon: np.ndarray, length: float) -> np.ndarray:
    """Compute the weights that turn white noise on nodes into smooth noise at points.

    The columns have unit norm, so that white noise of unit variance on the nodes gives unit
    variance at each point. The weights are Gaussian in distance.

    Parameters
    ----------
    lat, lon : ndarray, shape (point,)
        Position of the points [degree].
    length : float
        Distance at which a weight has fallen to 1/e [degree].

    Returns
    -------
    ndarray, shape (node, point)
        Weights [1].
    """
    node_lat, node_lon = sphere_nodes(0.8 * length)
    cosine = np.clip(_unit(node_lat, node_lon) @ _unit(lat, lon).T, -1.0, 1.0)
    weight = np.exp(-((np.degrees(np.arccos(cosine)) / length) ** 2))
    return np.asarray(weight / np.sqrt((weight**2).sum(axis=0)))


def _unit(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Unit vectors of positions [degree], shape (point, 3)."""
    lat, lon = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def autoregressive(rng: np.random.Generator, steps: int, count: int, memory: float) -> np.ndarray:
    """Draw unit-variance AR(1) noise that starts in equilibrium.

    Parameters
    ----------
    rng : Generator
        Source of the noise.
    steps : int
        Number of time steps.
    count : int
        Number of independent series.
    memory : float
        Correlation of successive steps [1].

    Returns
    -------
    ndarray, shape (steps, count)
        Noise [1].
    """
    noise = rng.standard_normal((steps, count))
    noise[1:] *= np.sqrt(1.0 - memory**2)
    for step in range(1, steps):
        noise[step] += memory * noise[step - 1]
    return noise


def smooth_noise(
    rng: np.random.Generator, weights: np.ndarray, steps: int, memory: float = 0.0
) -> np.ndarray:
    """Draw unit-variance noise that is smooth in space and AR(1) in time.

    Parameters
    ----------
    rng : Generator
        Source of the noise.
    weights : ndarray, shape (node, point)
        Result of `smoother`.
    steps : int
        Number of time steps.
    memory : float
        Correlation of successive steps [1].

    Returns
    -------
    ndarray, shape (steps, point)
        Noise [1].
    """
    return np.asarray(autoregressive(rng, steps, weights.shape[0], memory) @ weights)
