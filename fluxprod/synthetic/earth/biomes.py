"""Parameters of the biomes (IGBP classes) of the synthetic Earth.

They are chosen, not fitted. Their magnitudes are typical of light-use efficiency models (Running
et al. 2004, 10.1641/0006-3568(2004)054[0547:ACSMOG]2.0.CO;2; Yuan et al. 2007,
10.1016/j.agrformet.2006.12.001), and biomes differ enough for the differences to be worth learning.
"""

from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Biome:
    """Parameters of one class as scalars, or of many patches as arrays of shape (patch,).

    Parameters
    ----------
    fapar_max : float or ndarray
        Fraction of PAR that the closed canopy absorbs [1].
    evergreen : float or ndarray
        Share of fAPAR that remains through winter and drought [1].
    light_use : float or ndarray
        Light-use efficiency before the global scaling [g C MJ-1].
    optimum : float or ndarray
        Temperature optimum of GPP in a climate that suits the biome [degC].
    autotrophic : float or ndarray
        Share of GPP that plants respire within days [1].
    q10 : float or ndarray
        Factor by which heterotrophic respiration rises per 10 K [1].
    capacity : float or ndarray
        Root-zone water capacity [mm].
    flammable : float or ndarray
        Relative amount of carbon burnt on a day of full drought [1].
    wet_canopy : float or ndarray
        Signal of canopy water in MODIS band 5, near infrared [1].
    """

    fapar_max: float | np.ndarray
    evergreen: float | np.ndarray
    light_use: float | np.ndarray
    optimum: float | np.ndarray
    autotrophic: float | np.ndarray
    q10: float | np.ndarray
    capacity: float | np.ndarray
    flammable: float | np.ndarray
    wet_canopy: float | np.ndarray


BIOMES = {
    1: Biome(0.82, 0.75, 1.00, 17.0, 0.44, 1.5, 180.0, 0.25, 0.22),  # ENF
    2: Biome(0.92, 0.88, 0.82, 26.0, 0.50, 1.5, 320.0, 0.35, 0.30),  # EBF
    3: Biome(0.74, 0.10, 1.05, 16.0, 0.42, 1.5, 120.0, 0.50, 0.20),  # DNF
    4: Biome(0.90, 0.12, 1.25, 21.0, 0.41, 1.6, 220.0, 0.20, 0.28),  # DBF
    5: Biome(0.86, 0.40, 1.15, 19.0, 0.41, 1.5, 200.0, 0.20, 0.25),  # MF
    6: Biome(0.60, 0.40, 0.90, 21.0, 0.43, 1.5, 130.0, 0.60, 0.15),  # CSH
    7: Biome(0.36, 0.35, 0.85, 19.0, 0.42, 1.6, 90.0, 0.30, 0.08),  # OSH
    8: Biome(0.66, 0.40, 0.90, 25.0, 0.47, 1.5, 200.0, 1.20, 0.17),  # WSA
    9: Biome(0.54, 0.25, 0.95, 26.0, 0.46, 1.5, 150.0, 1.60, 0.13),  # SAV
    10: Biome(0.55, 0.15, 1.10, 19.0, 0.41, 1.7, 100.0, 0.50, 0.10),  # GRA
    11: Biome(0.60, 0.20, 0.90, 18.0, 0.43, 1.7, 300.0, 0.40, 0.26),  # WET
    12: Biome(0.78, 0.08, 1.35, 21.0, 0.38, 1.6, 140.0, 0.15, 0.18),  # CRO
    13: Biome(0.35, 0.20, 0.90, 21.0, 0.44, 1.5, 80.0, 0.00, 0.05),  # URB
    14: Biome(0.70, 0.25, 1.05, 22.0, 0.42, 1.6, 160.0, 0.50, 0.18),  # CVM
    16: Biome(0.08, 0.30, 0.60, 21.0, 0.42, 1.5, 50.0, 0.00, 0.02),  # BSV
}
FORESTS = (1, 2, 3, 4, 5)


def biome_of(igbp: np.ndarray) -> Biome:
    """Look up the parameters of each patch by its class; arrays of the shape of ``igbp``."""
    return Biome(
        *(
            np.array([getattr(BIOMES[int(number)], field.name) for number in igbp])
            for field in fields(Biome)
        )
    )


def is_forest(igbp: np.ndarray) -> np.ndarray:
    """Tell which classes are forests; an array of bool of the shape of ``igbp``."""
    return np.isin(igbp, FORESTS)
