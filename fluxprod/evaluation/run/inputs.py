"""Everything that the stage evaluate reads."""

from typing import NamedTuple

import pandas as pd
import xarray as xr


class Inputs(NamedTuple):
    """Outputs of the other stages, and the data that they are compared with.

    Attributes
    ----------
    product : Dataset
        Monthly product; ``time`` is the first day of each month.
    regional : DataFrame
        Table of regional totals of the product.
    geography : Dataset
        Land cells.
    inversions, fluxcom : Dataset
        Regional monthly totals [PgC month-1].
    bridge : Dataset
        Contributing cells and their coefficients.
    robustness : Dataset
        Selection of contributing cells from random candidates.
    sites : Dataset
        Tower records.
    predictions : dict of DataArray, dims (record)
        Out-of-fold NEE by model [g m-2 d-1].
    members : dict of DataArray, dims (member, cell, month)
        Monthly NEE by model [g m-2 d-1].
    budget : Series, by year
        Land sink of the Global Carbon Budget, positive to the atmosphere [PgC yr-1].
    budget_spread : float
        Standard deviation of that sink, NaN if the workbook states none [PgC yr-1].
    truth : Dataset or None
        True NEE of the synthetic Earth.
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
