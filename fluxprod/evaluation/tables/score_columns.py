"""The best model for each score and region of Tables 2 and 3."""

import pandas as pd

from fluxprod.evaluation.report_table import SCORES, split_column
from fluxprod.evaluation.run.sources import MODELS


def best(table: pd.DataFrame) -> pd.DataFrame:
    """Find the best of the paper's models for each score and region.

    Numbers are compared as printed, so equal numbers share the mark. In the tables against the
    truth the inversions are never marked: they show what the models can hope for.

    Parameters
    ----------
    table : DataFrame
        Of `table2` or `table3`: ``region`` and ``<score>_<model>``.

    Returns
    -------
    DataFrame of bool
        The same columns, indexed by region.
    """
    values = table.set_index("region")
    marked = pd.DataFrame(False, index=values.index, columns=values.columns)
    for score in dict.fromkeys(split_column(name)[0] for name in values):
        _, decimals, more_is_better = SCORES[score]
        names = [f"{score}_{model}" for model in MODELS]
        rounded = values[names].round(decimals)
        top = rounded.max(axis=1) if more_is_better else rounded.min(axis=1)
        marked[names] = rounded.eq(top, axis=0)
    return marked
