"""Correlation of the monthly series of single cells (Fig. 7)."""

import pandas as pd
import xarray as xr

from fluxprod.core.scores import pearson_r
from fluxprod.evaluation.run.sources import EC, EC_ATM, FLUXCOM, INVERSIONS, OURS, TRUTH

REFERENCES = (INVERSIONS, FLUXCOM, TRUTH)
DECIMALS = 2


def pair(first: str, second: str) -> str:
    """Name of the column that holds the correlation of two sources."""
    return f"{first}_{second}"


MODELS_PAIR = pair(EC_ATM, EC)


def references(table: pd.DataFrame) -> list[str]:
    """Sources with which a table compares both models."""
    return [reference for reference in REFERENCES if pair(EC, reference) in table]


def correlation_table(
    geography: xr.Dataset, monthly_by_source: dict[str, xr.DataArray]
) -> pd.DataFrame:
    """Pearson's R of monthly NEE between both models and each reference, by land cell.

    Parameters
    ----------
    geography : Dataset
        ``cell_lat``, ``cell_lon`` by land cell.
    monthly_by_source : dict of DataArray, dims (cell, time)
        Monthly NEE of each source.

    Returns
    -------
    DataFrame
        ``lat``, ``lon`` [degree] and ``<model>_<reference>`` [1], missing where a series is
        constant.
    """
    series = {
        source: monthly.transpose("cell", "time").values
        for source, monthly in monthly_by_source.items()
    }
    found = [(model, name) for name in REFERENCES if name in series for model in OURS]
    columns = {
        pair(*names): pearson_r(series[names[0]], series[names[1]]).round(DECIMALS)
        for names in [*found, (EC_ATM, EC)]
    }
    return pd.DataFrame(
        {"lat": geography.cell_lat.values, "lon": geography.cell_lon.values, **columns}
    )
