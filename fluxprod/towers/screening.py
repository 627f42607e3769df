"""Quality screening of daily tower records.

The rules of Tramontana et al. (2016, doi:10.5194/bg-13-4291-2016) as public code repeats them
(geco-bern/ingestr): a day needs enough good half hours, its night-time and daytime partitioning
must agree, and it must be no outlier. Rules come in that order; each judges the days that those
before it kept, so that gap-filled days do not set the quantiles of measured ones. Quantiles are
those of a season: over the whole year they would cut off a site's summer, when fluxes and their
disagreement are largest (docs/decisions/0009-screening.md).
"""

import numpy as np
import xarray as xr

from fluxprod.towers.rules import RULES, Limits

MAY_NOT_JUDGE = ("partitioning", "outlier")


def screened(tower: xr.Dataset, limits: Limits) -> tuple[xr.Dataset, dict[str, int]]:
    """Blank NEE on days that a rule removes.

    Parameters
    ----------
    tower : Dataset, dims (time)
        With ``NEE`` [g m-2 d-1], ``NEE_QC`` [1] and, where there, ``GPP_NT``, ``GPP_DT``
        [g m-2 d-1].
    limits : Limits

    Returns
    -------
    Dataset
        The same with NaN where a day fails.
    dict of str to int
        Days of the record, ``days``, and those with NEE, ``with_nee``; for each rule those that
        it removed in its turn, ``<rule>``, would remove alone, ``<rule>_alone``, and could not
        judge in its turn, ``<rule>_unjudged``; those ``kept`` [d].
    """
    measured = np.isfinite(tower.NEE.values)
    count = {"days": len(measured), "with_nee": _sum(measured)}
    keep = measured
    for name, rule in RULES.items():
        verdict = rule(tower, keep, limits)
        count[name] = _sum(verdict.removed)
        count[f"{name}_alone"] = _sum(rule(tower, measured, limits).removed)
        if name in MAY_NOT_JUDGE:
            count[f"{name}_unjudged"] = _sum(verdict.unjudged)
        keep = keep & ~verdict.removed
    count["kept"] = _sum(keep)
    assert count["with_nee"] == count["kept"] + sum(count[name] for name in RULES), count
    return tower.assign(NEE=tower.NEE.where(xr.DataArray(keep, dims="time"))), count


def _sum(mask: np.ndarray) -> int:
    return int(mask.sum())
