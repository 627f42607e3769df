"""All that evaluate reads, side by side."""

from typing import NamedTuple

import pandas as pd
import xarray as xr


class Inputs(NamedTuple):
    """What the other stages made, and what it is compared with.

    Attributes
    ----------
    product : Dataset
        Monthly product file; time is the first day of each month.
    regional : DataFrame
        Its table of regional totals.
    geography : Dataset
        Land cells.
    inversions, fluxcom : Dataset
        Regional monthly totals [PgC month-1].
    bridge : Dataset
        Contributing cells and coefficients.
    robustness : Dataset
        The choice of contributing cells over random candidates.
    sites : Dataset
        Tower records.
    predictions : dict of DataArray, dims (record)
        Out-of-fold NEE by model [g m-2 d-1].
    members : dict of DataArray, dims (member, cell, month)
        Monthly NEE by model [g m-2 d-1].
    budget : Series, by year [PgC yr-1]
        Land sink of the Global Carbon Budget, positive to the atmosphere.
    budget_spread : float [PgC yr-1]
        Its standard deviation, NaN where the workbook states none.
    truth : Dataset or None
        Of the synthetic Earth.
    """

    product: xr.Dataset
    regional: pd.DataFrame
    geography: xr.Dataset
    inversions: xr.Dataset
    fluxcom: xr.Dataset
    bridge: xr.Dataset
    robustness: xr.Dataset
    sites: xr.Dataset
    predictions: dict[str, xr.DataArray]
    members: dict[str, xr.DataArray]
    budget: pd.Series
    budget_spread: float
    truth: xr.Dataset | None
