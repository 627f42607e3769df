"""Constant properties of patches: biome, hidden departures and adaptation to the climate."""

from dataclasses import dataclass

import numpy as np

from fluxprod.synthetic.earth.biomes import Biome, biome_of
from fluxprod.synthetic.earth.hidden import Hidden


@dataclass(frozen=True)
class Traits:
    """Of each patch, in the order of its weather.

    Parameters
    ----------
    home : ndarray of int
        Column of the patch in the fields of the weather.
    biome, hidden
        Its parameters and its hidden departures from them.
    cover : ndarray
        Largest fAPAR that the climate lets the biome reach [1].
    optimum : ndarray
        Temperature optimum of GPP, adapted to the summer [degC].
    leaf_out : ndarray
        Running temperature at which half the leaves are out [degC].
    """

    home: np.ndarray
    igbp: np.ndarray
    biome: Biome
    hidden: Hidden
    cover: np.ndarray
    optimum: np.ndarray
    leaf_out: np.ndarray

    @property
    def capacity(self) -> np.ndarray:
        """Root-zone water capacity [mm]."""
        return self.biome.capacity * self.hidden.capacity


def make_traits(
    normals: dict[str, np.ndarray], home: np.ndarray, igbp: np.ndarray, hidden: Hidden
) -> Traits:
    """Traits of patches from the monthly normals (12, cell) of their cells.

    Cover falls in dry climates, by the ratio of rain to a demand after Thornthwaite (1948); the
    optimum lies between the biome's and the warmest quarter's temperature.
    """
    biome = biome_of(igbp)
    air = np.sort(normals["TA"], axis=0)[:, home]
    summer = air[-3:].mean(axis=0)
    demand = 0.35 + 0.16 * np.clip(air, 0.0, None).mean(axis=0)  # mm d-1
    wetness = normals["P"].mean(axis=0)[home] / demand
    return Traits(
        home=home,
        igbp=igbp,
        biome=biome,
        hidden=hidden,
        cover=biome.fapar_max * (0.30 + 0.70 * (1.0 - np.exp(-2.2 * wetness))),
        optimum=np.clip(0.5 * biome.optimum + 0.5 * (summer + 2.0), 8.0, 31.0),
        leaf_out=np.clip(0.38 * summer, 1.0, 9.0),
    )
