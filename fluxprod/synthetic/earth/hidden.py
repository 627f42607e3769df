"""Local properties that no driver shows, which make upscaling err."""

from dataclasses import dataclass

import numpy as np

from fluxprod.synthetic.earth.biomes import is_forest
from fluxprod.synthetic.earth.fields import random_stream, smooth_noise, smoother

REACH = 12.0  # correlation length [degree]
CAPACITY_SPREAD = 0.35  # standard deviation of log root-zone capacity [1]
EFFICIENCY_SPREAD = 0.12  # standard deviation of log light-use efficiency [1]
SINK = 0.018  # land sink as a share of GPP [1]
FOREST_SINK = 0.006  # additional sink of regrowing forests, share of GPP [1]
SINK_SPREAD = 0.020  # standard deviation of the sink between places, share of GPP [1]
LOCAL = 0.5  # share of the variance that neighbouring patches do not have in common [1]


@dataclass(frozen=True)
class Hidden:
    """Hidden properties of patches [1]; arrays of shape (patch,).

    Factors on root-zone capacity and on light-use efficiency, and the share of GPP that a place
    keeps in excess of other places.
    """

    capacity: np.ndarray
    light_use: np.ndarray
    excess: np.ndarray


def make_hidden(lat: np.ndarray, lon: np.ndarray, seed: int, group: str) -> Hidden:
    """Draw the hidden properties of patches.

    Cells and towers at the same place have the same smooth part and independent local parts.

    Parameters
    ----------
    lat, lon : ndarray, shape (patch,)
        Position of the patches [degree].
    seed : int
        Seed of the world.
    group : str
        ``cells`` or ``towers``, which names the random stream of the local part.
    """
    smooth = smooth_noise(random_stream(seed, "hidden"), smoother(lat, lon, REACH), 3)
    local = random_stream(seed, f"hidden {group}").standard_normal((3, len(lat)))
    capacity, light, sink = np.sqrt(1.0 - LOCAL) * smooth + np.sqrt(LOCAL) * local
    return Hidden(
        capacity=np.exp(CAPACITY_SPREAD * capacity),
        light_use=np.exp(EFFICIENCY_SPREAD * light),
        excess=SINK_SPREAD * sink,
    )


def sink_share(excess: np.ndarray, igbp: np.ndarray, offset: float) -> np.ndarray:
    """Share of GPP that each patch keeps [1]; ``offset`` is the global mean of ``excess``."""
    return np.asarray(SINK + FOREST_SINK * is_forest(igbp) + excess - offset)
