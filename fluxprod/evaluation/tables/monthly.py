"""Monthly totals of every region and source, as the report draws them."""

import pandas as pd
import xarray as xr

from fluxprod.evaluation.run.periods import spread
from fluxprod.evaluation.run.totals import Totals

DECIMALS = 4


def _column(monthly: xr.DataArray) -> pd.Series:
    return monthly.transpose("region", "time").to_series()


def regional_monthly(totals: Totals) -> pd.DataFrame:
    """Monthly NEE, one row a region and month, one column a source and its spread.

    Parameters
    ----------
    totals : Totals

    Returns
    -------
    DataFrame
        ``region``, ``month`` (YYYY-MM), and totals and standard deviations over members
        [PgC month-1].
    """
    columns = {}
    for source in map(str, totals.mean.source.values):
        columns[source] = _column(totals.mean.sel(source=source))
        if source in totals.members:
            columns[f"{source}_spread"] = _column(spread(totals.members[source]))
    table = pd.DataFrame(columns).round(DECIMALS).reset_index(names=["region", "month"])
    return table.assign(month=table.month.dt.strftime("%Y-%m"))
