"""What differs from place to place and no driver sees: the reason why upscaling errs."""

from dataclasses import dataclass

import numpy as np

from fluxprod.synthetic.earth.biomes import is_forest
from fluxprod.synthetic.earth.fields import random_stream, smooth_noise, smoother

REACH = 12.0  # [degree]
CAPACITY_SPREAD = 0.35  # of log root-zone capacity [1]
EFFICIENCY_SPREAD = 0.12  # of log light-use efficiency [1]
SINK = 0.018  # land sink, share of GPP [1]
FOREST_SINK = 0.006  # what regrowing forests take up beyond it [1]
SINK_SPREAD = 0.020  # between places [1]
LOCAL = 0.5  # share of the variance that neighbouring patches do not have in common [1]


@dataclass(frozen=True)
class Hidden:
    """Hidden properties of patches [1].

    Factors on capacity and on light use, and what a place keeps of its GPP beyond other places.
    """

    capacity: np.ndarray
    light_use: np.ndarray
    excess: np.ndarray


def make_hidden(lat: np.ndarray, lon: np.ndarray, seed: int, who: str) -> Hidden:
    """Draw the hidden properties of patches at ``lat``, ``lon`` [degree].

    Patches that share a place share its smooth part, whatever ``who`` (cells or towers) asks.
    """
    smooth = smooth_noise(random_stream(seed, "hidden"), smoother(lat, lon, REACH), 3)
    local = random_stream(seed, f"hidden {who}").standard_normal((3, len(lat)))
    capacity, light, sink = np.sqrt(1.0 - LOCAL) * smooth + np.sqrt(LOCAL) * local
    return Hidden(
        capacity=np.exp(CAPACITY_SPREAD * capacity),
        light_use=np.exp(EFFICIENCY_SPREAD * light),
        excess=SINK_SPREAD * sink,
    )


def sink_share(excess: np.ndarray, igbp: np.ndarray, offset: float) -> np.ndarray:
    """Share of GPP that each patch keeps [1]; ``offset`` is the mean excess of the globe."""
    return SINK + FOREST_SINK * is_forest(igbp) + excess - offset
