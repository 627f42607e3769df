"""Quality screening of daily tower records.

The rules are those of Tramontana et al. (2016, doi:10.5194/bg-13-4291-2016), as implemented in the
public code geco-bern/ingestr: a day needs enough good half hours, its night-time and daytime
partitioning must agree, and it must not be an outlier. The rules are applied in that order, each to
the days that the earlier ones kept, so that gap-filled days do not affect the quantiles of measured
ones. Quantiles are seasonal, because annual ones would remove a site's summer, when fluxes and the
disagreement are largest (docs/decisions/0009-screening.md).
"""

import numpy as np
import xarray as xr

from fluxprod.towers.rules import RULES
from fluxprod.towers.settings import ScreeningSettings

CAN_LEAVE_UNJUDGED = ("partitioning", "outlier")  # rules that cannot judge every day


def screened(tower: xr.Dataset, limits: ScreeningSettings) -> tuple[xr.Dataset, dict[str, int]]:
    """Set NEE to NaN on days that a rule removes.

    Parameters
    ----------
    tower : Dataset, dims (time)
        ``NEE`` [g m-2 d-1], ``NEE_QC`` [1] and, if available, ``GPP_NT``, ``GPP_DT``
        [g m-2 d-1].
    limits : ScreeningSettings
        Limits of the rules.

    Returns
    -------
    Dataset
        The same record, with NEE set to NaN on removed days.
    dict of str to int
        Numbers of days [d]: ``days`` of the record; ``with_nee``; for each rule those that it
        removed in its turn, ``<rule>``, those that it would remove alone, ``<rule>_alone``, and
        those that it could not judge in its turn, ``<rule>_unjudged``; and ``kept``.
    """
    measured = np.isfinite(tower.NEE.values)
    count = {"days": len(measured), "with_nee": _sum(measured)}
    keep = measured
    for name, rule in RULES.items():
        verdict = rule(tower, keep, limits)
        count[name] = _sum(verdict.removed)
        count[f"{name}_alone"] = _sum(rule(tower, measured, limits).removed)
        if name in CAN_LEAVE_UNJUDGED:
            count[f"{name}_unjudged"] = _sum(verdict.unjudged)
        keep = keep & ~verdict.removed
    count["kept"] = _sum(keep)
    assert count["with_nee"] == count["kept"] + sum(count[name] for name in RULES), count
    return tower.assign(NEE=tower.NEE.where(xr.DataArray(keep, dims="time"))), count


def _sum(mask: np.ndarray) -> int:
    return int(mask.sum())
