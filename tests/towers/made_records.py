"""Made-up records of towers, and limits that switch every rule off."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.towers.settings import ScreeningSettings

OFF = ScreeningSettings(
    min_qc=0.0, max_abs_nee=0.0, partitioning_quantile=0.0, outlier_iqr=0.0, window=31
)
YEARS = pd.date_range("2003-01-01", "2006-12-31", unit="s")


def record(days=YEARS, **columns):
    """Zero NEE of full quality, except for the given columns."""
    values = {"NEE": np.zeros(len(days)), "NEE_QC": np.ones(len(days))} | columns
    fields = {name: ("time", np.asarray(field, float)) for name, field in values.items()}
    return xr.Dataset(fields, coords={"time": days})


def seasonal(seed=1):
    """Uptake of 10 g m-2 d-1 in July and release of 1 g m-2 d-1 in winter, with daily noise."""
    rng = np.random.default_rng(seed)
    summer = np.clip(np.cos(2 * np.pi * (YEARS.day_of_year.to_numpy() - 200) / 365), 0, None) ** 4
    return 1.0 - 11.0 * summer + rng.uniform(-0.5, 0.5, len(YEARS))
