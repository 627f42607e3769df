"""The bridge of a run compared with the Lasso over random draws of the candidates."""

import pandas as pd
import xarray as xr

DECIMALS = 4


def bridge_table(bridge: xr.Dataset, robustness: xr.Dataset) -> pd.DataFrame:
    """Quality of each regional model, and of the Lasso over random candidates.

    Parameters
    ----------
    bridge : Dataset
        ``r2``, ``r2_cv``, ``shift`` [1] and ``n_contributions`` (region), ``n_drawn``, and the
        attribute ``method``.
    robustness : Dataset
        Mean and standard deviation of ``r2``, ``n_contributions`` and ``shift`` over the draws;
        ``r2`` (region, draw); the overlap between two draws, and between their candidates [1].

    Returns
    -------
    DataFrame
        One row per region. R2 is 1 by definition for a method that uses every cell.
        ``cells_a_step`` is the number of cells that enter one training step.
    """
    cells, n_drawn = bridge.n_contributions, int(bridge.n_drawn)
    columns = {
        "r2": bridge.r2,
        "r2_held_out": bridge.r2_cv,
        "draws_r2": robustness.r2_mean,
        "draws_r2_sd": robustness.r2_std,
        "draws_r2_min": robustness.r2.min("draw", skipna=False),
        "cells": cells,
        "cells_a_step": xr.full_like(cells, n_drawn) if n_drawn else cells,
        "draws_cells": robustness.n_contributions_mean,
        "draws_cells_sd": robustness.n_contributions_std,
        "shift": bridge["shift"],
        "draws_shift": robustness.shift_mean,
        "draws_shift_sd": robustness.shift_std,
        "overlap_cells": robustness.overlap_chosen,
        "overlap_candidates": robustness.overlap_drawn,
    }
    values = {name: column.values.round(DECIMALS) for name, column in columns.items()}
    return pd.DataFrame(
        {"region": bridge.region.values, "method": bridge.attrs["method"], **values}
    )
