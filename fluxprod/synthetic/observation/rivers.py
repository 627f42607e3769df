"""Carbon that the land takes up and that rivers carry away.

Inversions see this carbon as uptake by the land, although it is not stored there; it returns to the
atmosphere over the sea.
"""

import numpy as np

from fluxprod.core.units import DAYS_PER_YEAR, PG
from fluxprod.synthetic.earth.carbon import Carbon
from fluxprod.synthetic.earth.land import Land

# Pg yr-1, positive to the atmosphere; Regnier et al. 2022, doi 10.1038/s41586-021-04339-9
GLOBAL_RIVER = -0.65
MONTHS = 12


def river_flux(land: Land, carbon: Carbon, rain: np.ndarray) -> np.ndarray:
    """Compute a monthly climatology of river fluxes from productivity and rain.

    Runoff follows the rain of the month and of the previous month.

    Parameters
    ----------
    land : Land
        Land cells.
    carbon : Carbon
        Fluxes of the patches, for their mean GPP.
    rain : ndarray, shape (12, cell)
        Climatological rain [mm d-1].

    Returns
    -------
    ndarray, shape (12, cell)
        River flux, positive to the atmosphere [g m-2 yr-1 of land].
    """
    runoff = 0.5 * (rain + np.roll(rain, 1, axis=0))
    flux = land.cell_mean(carbon.mean_gpp) * DAYS_PER_YEAR * np.sqrt(runoff)
    total = (flux.mean(axis=0) * land.land_area).sum()
    return np.asarray(flux * GLOBAL_RIVER * PG / total)
