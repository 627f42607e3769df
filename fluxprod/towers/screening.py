"""Quality screening of daily tower records."""

import numpy as np
import xarray as xr


def screened(tower: xr.Dataset, *, min_qc: float, max_abs_nee: float) -> xr.Dataset:
    """Blank NEE on days that are mostly gap-filled or physically impossible.

    Parameters
    ----------
    tower : Dataset, dims (time)
        With ``NEE`` [g m-2 d-1] and ``NEE_QC``, the share of good half hours [1].
    min_qc : float
        Days need at least this share [1].
    max_abs_nee : float
        Larger absolute values are instrument errors [g m-2 d-1].

    Returns
    -------
    Dataset
        The same with NaN where a day fails. A day without QC fails.
    """
    good = (tower.NEE_QC >= min_qc) & (np.abs(tower.NEE) <= max_abs_nee)
    return tower.assign(NEE=tower.NEE.where(good))


def valid_days(tower: xr.Dataset) -> int:
    """Number of days with NEE [d]."""
    return int(np.isfinite(tower.NEE).sum())
