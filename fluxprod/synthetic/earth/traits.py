"""Constant properties of patches: biome, hidden deviations and adaptation to the climate."""

from dataclasses import dataclass

import numpy as np

from fluxprod.synthetic.earth.biomes import Biome, biome_of
from fluxprod.synthetic.earth.hidden import Hidden


@dataclass(frozen=True)
class Traits:
    """Constant properties of patches.

    Parameters
    ----------
    home : ndarray of int, shape (patch,)
        Position of the patch's cell in the fields of the weather.
    igbp : ndarray of int, shape (patch,)
        IGBP class.
    biome : Biome
        Parameters of the class.
    hidden : Hidden
        Local deviations from them.
    cover : ndarray, shape (patch,)
        Largest fAPAR that the climate lets the biome reach [1].
    optimum : ndarray, shape (patch,)
        Temperature optimum of GPP, adapted to the local summer [degC].
    leaf_out : ndarray, shape (patch,)
        Running mean temperature at which half the leaves are out [degC].
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
    """Derive the traits of patches from the monthly climate of their cells.

    Cover decreases in dry climates with the ratio of rain to water demand, after Thornthwaite
    (1948), 10.2307/210739. The temperature optimum lies between that of the biome and the
    temperature of the warmest quarter.

    Parameters
    ----------
    normals : dict of str to ndarray, shape (12, cell)
        Monthly ``TA`` [degC] and ``P`` [mm d-1] of the land cells.
    home : ndarray of int, shape (patch,)
        Cell of each patch.
    igbp : ndarray of int, shape (patch,)
        IGBP class of each patch.
    hidden : Hidden
        Hidden properties of the patches.
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
