"""Cells that the bridge selects from random candidates (Fig. B2), and their types (B3, B4)."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.variables import IGBP


def selection_table(robustness: xr.Dataset, geography: xr.Dataset) -> pd.DataFrame:
    """How often each land cell was drawn as a candidate and chosen, one row per cell.

    Parameters
    ----------
    robustness : Dataset
        ``n_drawn``, ``n_chosen`` (cell).
    geography : Dataset
        ``cell_lat``, ``cell_lon`` of the same cells.
    """
    return pd.DataFrame(
        {
            "lat": geography.cell_lat.values,
            "lon": geography.cell_lon.values,
            "n_drawn": robustness.n_drawn.values,
            "n_chosen": robustness.n_chosen.values,
        }
    )


def pft_table(robustness: xr.Dataset) -> pd.DataFrame:
    """Share of each plant functional type among the chosen cells and among all cells [1]."""
    return pd.DataFrame(
        {
            "pft": [IGBP[int(number)] for number in robustness.pft.values],
            "chosen": robustness.pft_share_chosen_global.values,
            "all_cells": robustness.pft_share_all_global.values,
        }
    )


def regional_pft_table(robustness: xr.Dataset) -> pd.DataFrame:
    """Share of each plant functional type among the chosen and all cells of each region [1].

    Returns
    -------
    DataFrame
        One row per region and type; missing where the region has no such cells.
    """
    shares = robustness[["pft_share_chosen", "pft_share_all"]].transpose("region", "pft")
    types = [IGBP[int(number)] for number in robustness.pft.values]
    return pd.DataFrame(
        {
            "region": np.repeat(robustness.region.values, len(types)),
            "pft": types * robustness.sizes["region"],
            "chosen": shares.pft_share_chosen.values.ravel(),
            "all_cells": shares.pft_share_all.values.ravel(),
        }
    )
