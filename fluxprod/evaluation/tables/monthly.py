"""Monthly totals of every region and source, which the report draws as a chart."""

import pandas as pd

from fluxprod.evaluation.run.totals import Totals
from fluxprod.evaluation.tables.sinks import with_spreads

DECIMALS = 4


def regional_monthly(totals: Totals) -> pd.DataFrame:
    """Monthly NEE, one row per region and month, with columns for each source and its spread.

    Parameters
    ----------
    totals : Totals
        Monthly totals of all sources.

    Returns
    -------
    DataFrame
        ``region``, ``month`` (YYYY-MM), and totals and standard deviations across the members
        [PgC month-1].
    """
    columns = with_spreads(totals, lambda monthly: monthly)
    table = columns.round(DECIMALS).reset_index(names=["region", "month"])
    return table.assign(month=table.month.dt.strftime("%Y-%m"))
