"""Regional totals of the product, from the values as they stand in the monthly file."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.product.fluxes import MODELS
from fluxprod.regions import ABBREVIATIONS, petagrams_per_month, regional_sums
from fluxprod.time_axis import month_days

DECIMALS = 9  # PgC per month
ROWS = (*ABBREVIATIONS, "unassigned", "GLOBAL")


def regional_totals(monthly: xr.Dataset, name: str) -> np.ndarray:
    """Monthly totals of a flux of the monthly file, shape (20, time) [PgC month-1].

    The 18 regions, the land of none ("unassigned"), and the globe, which is summed over the grid
    and not over the regions, so that the rows can be checked against each other.
    """
    land_area = (monthly.cell_area * monthly.land_fraction).values.ravel()
    density = monthly[name].astype(float).fillna(0.0).values.reshape(monthly.sizes["time"], -1).T
    days = month_days(pd.DatetimeIndex(monthly.time.values))
    total = petagrams_per_month(density, land_area, days)
    globe = total.sum(axis=0, keepdims=True)
    return np.concatenate([regional_sums(total, monthly.region.values.ravel()), globe])


def regional_table(monthly: xr.Dataset) -> pd.DataFrame:
    """One line a month, region and model: ``nee_PgC_per_month`` and the ensemble's name."""
    months = pd.DatetimeIndex(monthly.time.values).strftime("%Y-%m")
    parts = []
    for name, (model, _) in MODELS.items():
        totals = regional_totals(monthly, name).round(DECIMALS) + 0.0  # no -0.0 in the file
        index = pd.MultiIndex.from_product([months, ROWS], names=["month", "region"])
        part = pd.DataFrame({"nee_PgC_per_month": totals.T.ravel()}, index=index).reset_index()
        parts.append(part.assign(model=model))
    table = pd.concat(parts, ignore_index=True)
    return table[["month", "region", "model", "nee_PgC_per_month"]]
