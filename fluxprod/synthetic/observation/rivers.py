"""Carbon that rivers carry off the land and give back to the air elsewhere."""

import numpy as np

from fluxprod.core.units import DAYS_PER_YEAR, PG
from fluxprod.synthetic.earth.carbon import Carbon
from fluxprod.synthetic.earth.land import Land

GLOBAL_RIVER = 0.65  # Pg yr-1
MONTHS = 12


def river_flux(land: Land, carbon: Carbon, rain: np.ndarray) -> np.ndarray:
    """Monthly climatology, positive to the atmosphere, (12, cell) [g m-2 yr-1 of land].

    Production and rain make it; it follows the rain of the month and the one before.

    Parameters
    ----------
    rain : ndarray, (12, cell)
        Normal rain [mm d-1].
    """
    runoff = 0.5 * (rain + np.roll(rain, 1, axis=0))
    flux = land.cell_mean(carbon.mean_gpp) * DAYS_PER_YEAR * np.sqrt(runoff)
    return flux * GLOBAL_RIVER * PG / (flux.mean(axis=0) * land.land_area).sum()
