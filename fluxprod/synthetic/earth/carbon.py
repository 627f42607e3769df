"""Close the carbon budget of the synthetic Earth: its true NEE."""

from dataclasses import dataclass

import numpy as np

from fluxprod.core.units import DAYS_PER_YEAR, PG
from fluxprod.synthetic.earth.history import History

GLOBAL_GPP = 134.0  # Pg yr-1


@dataclass(frozen=True)
class Carbon:
    """Fluxes of patches.

    Parameters
    ----------
    nee : ndarray, (time, patch)
        True NEE, positive to the atmosphere [g m-2 d-1].
    mean_gpp : ndarray, (patch,)
        GPP [g m-2 d-1].
    scale : float
        Global factor on light use that made GPP what it is [1].
    """

    nee: np.ndarray
    mean_gpp: np.ndarray
    scale: float


def gpp_scale(history: History, area: np.ndarray) -> float:
    """Factor on light use that brings global GPP to its target [1]; ``area`` in m2."""
    annual = (history.daily["gpp"].mean(axis=0) * area).sum() * DAYS_PER_YEAR / PG
    return GLOBAL_GPP / annual


def close_budget(history: History, sink: np.ndarray, scale: float) -> Carbon:
    """NEE whose mean is a sink of a share of GPP; uses up the daily arrays of ``history``.

    The base rate of heterotrophic respiration of each patch is the one at which its respiration
    over the whole period is ``1 - sink`` of its GPP.
    """
    gpp, autotrophic = history.daily["gpp"], history.daily["autotrophic"]
    heterotrophic = history.daily["heterotrophic"]
    mean_gpp = scale * gpp.mean(axis=0)
    left = (1.0 - sink) * mean_gpp - scale * autotrophic.mean(axis=0)
    nee = heterotrophic * (left / heterotrophic.mean(axis=0))
    autotrophic -= gpp
    autotrophic *= scale
    nee += autotrophic
    return Carbon(nee=nee, mean_gpp=mean_gpp, scale=scale)
