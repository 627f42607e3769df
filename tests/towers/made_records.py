"""Records of towers for tests, and limits that switch every rule off."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.towers.rules import Limits

OFF = Limits(0.0, 0.0, 0.0, 0.0, 31)
YEARS = pd.date_range("2003-01-01", "2006-12-31", unit="s")


def record(days=YEARS, **columns):
    """Zero NEE of full quality, but for the columns given."""
    values = {"NEE": np.zeros(len(days)), "NEE_QC": np.ones(len(days))} | columns
    fields = {name: ("time", np.asarray(field, float)) for name, field in values.items()}
    return xr.Dataset(fields, coords={"time": days})


def seasonal(seed=1):
    """Uptake of 10 g m-2 d-1 in July, release of 1 in winter, with the noise of days."""
    rng = np.random.default_rng(seed)
    summer = np.clip(np.cos(2 * np.pi * (YEARS.day_of_year.to_numpy() - 200) / 365), 0, None) ** 4
    return 1.0 - 11.0 * summer + rng.uniform(-0.5, 0.5, len(YEARS))
