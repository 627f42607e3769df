"""True NEE of the synthetic Earth, scaled so that global GPP and the land sink are as intended."""

from dataclasses import dataclass

import numpy as np

from fluxprod.core.units import DAYS_PER_YEAR, PG
from fluxprod.synthetic.earth.history import History

GLOBAL_GPP = 134.0  # target [Pg yr-1]


@dataclass(frozen=True)
class Carbon:
    """Carbon fluxes of patches.

    Parameters
    ----------
    nee : ndarray, shape (time, patch)
        True NEE, positive to the atmosphere [g m-2 d-1].
    mean_gpp : ndarray, shape (patch,)
        Mean GPP of the whole period [g m-2 d-1].
    scale : float
        Global factor on light-use efficiency [1].
    """

    nee: np.ndarray
    mean_gpp: np.ndarray
    scale: float


def gpp_scale(history: History, area: np.ndarray) -> float:
    """Compute the factor on light-use efficiency that brings global GPP to its target [1].

    Parameters
    ----------
    history : History
        Daily GPP of the patches before scaling [g m-2 d-1].
    area : ndarray, shape (patch,)
        Area of the patches [m2].
    """
    annual: float = (history.daily["gpp"].mean(axis=0) * area).sum() * DAYS_PER_YEAR / PG
    return GLOBAL_GPP / annual


def close_budget(history: History, sink: np.ndarray, scale: float) -> Carbon:
    """Compute the NEE of patches from the share of GPP that each of them keeps.

    The base rate of heterotrophic respiration is set in each patch so that, over the whole period,
    ecosystem respiration is ``1 - sink`` times GPP.

    Parameters
    ----------
    history : History
        Daily fluxes of the patches. Its autotrophic respiration is overwritten to save memory.
    sink : ndarray, shape (patch,)
        Share of GPP that each patch keeps [1].
    scale : float
        Global factor on light-use efficiency [1].
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
