"""Random fields that are smooth on the sphere, and random streams by name."""

import numpy as np

GOLDEN = (1.0 + 5.0**0.5) / 2.0


def random_stream(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for every purpose: adding one never shifts another."""
    return np.random.default_rng([seed, *name.encode()])


def sphere_nodes(spacing: float) -> tuple[np.ndarray, np.ndarray]:
    """Nearly even points on the sphere (Fibonacci lattice), ``spacing`` [degree] apart.

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
    """Weights that spread node noise to points, shape (node, point).

    The columns have unit norm, so that white noise of unit variance on the nodes gives unit
    variance at every point, correlated over ``length`` [degree] (a Gaussian in distance).
    """
    node_lat, node_lon = sphere_nodes(0.8 * length)
    cosine = np.clip(_unit(node_lat, node_lon) @ _unit(lat, lon).T, -1.0, 1.0)
    weight = np.exp(-((np.degrees(np.arccos(cosine)) / length) ** 2))
    return weight / np.sqrt((weight**2).sum(axis=0))


def _unit(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    lat, lon = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def autoregressive(rng: np.random.Generator, steps: int, count: int, memory: float) -> np.ndarray:
    """Unit-variance AR(1) noise, shape (steps, count), started in equilibrium.

    Parameters
    ----------
    memory : float
        Correlation of successive steps [1].
    """
    noise = rng.standard_normal((steps, count))
    noise[1:] *= np.sqrt(1.0 - memory**2)
    for step in range(1, steps):
        noise[step] += memory * noise[step - 1]
    return noise


def smooth_noise(
    rng: np.random.Generator, weights: np.ndarray, steps: int, memory: float = 0.0
) -> np.ndarray:
    """Unit-variance noise, smooth in space and AR(1) in time, shape (steps, point)."""
    return autoregressive(rng, steps, weights.shape[0], memory) @ weights
