"""Tables 2 and 3 of Upton et al. and the scores against the truth, one row a region."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike

from fluxprod.core.scores import bias, nnse, pearson_r, rmse
from fluxprod.evaluation.run.periods import annual, seasonal_cycle
from fluxprod.evaluation.run.sources import INVERSIONS, MODELS, OURS, TRUTH

DECIMALS = 4
PAPER_DECIMALS = 6  # of Tables 2 and 3: the paper's form rounds once more, to 3 or 4
Score = Callable[[ArrayLike, ArrayLike], np.ndarray]
Groups = list[tuple[str, xr.DataArray, Score]]


def score(totals: xr.DataArray, model: str, reference: str, measure: Score) -> np.ndarray:
    """Score of a model against a reference along the last axis, one value a region."""
    return measure(totals.sel(source=model).values, totals.sel(source=reference).values)


def scored(reference: str) -> tuple[str, ...]:
    """What is compared with a reference: the paper's models, and with the truth the inversions."""
    return MODELS if reference == INVERSIONS else (*MODELS, INVERSIONS)


def _table(groups: Groups, reference: str) -> pd.DataFrame:
    columns = {
        f"{label}_{model}": score(series, model, reference, measure).round(PAPER_DECIMALS)
        for label, series, measure in groups
        for model in scored(reference)
    }
    return pd.DataFrame({"region": groups[0][1].region.values, **columns})


def table2(monthly: xr.DataArray, reference: str = INVERSIONS) -> pd.DataFrame:
    """Table 2: monthly and seasonal R [1] and RMSE [PgC month-1] against a reference.

    Parameters
    ----------
    monthly : DataArray, dims (source, region, time) [PgC month-1]
    reference : str
        Inversions, as in the paper, or the truth.

    Returns
    -------
    DataFrame
        ``region`` and ``<score>_<model>``; models within scores, in the paper's order.
    """
    cycle = seasonal_cycle(monthly)
    groups: Groups = [
        ("monthly_R", monthly, pearson_r),
        ("monthly_RMSE", monthly, rmse),
        ("MSC_R", cycle, pearson_r),
        ("MSC_RMSE", cycle, rmse),
    ]
    return _table(groups, reference)


def table3(monthly: xr.DataArray, reference: str = INVERSIONS) -> pd.DataFrame:
    """Table 3: annual R [1] and RMSE [PgC yr-1] against a reference, as `table2`."""
    yearly = annual(monthly)
    groups: Groups = [("annual_R", yearly, pearson_r), ("annual_RMSE", yearly, rmse)]
    return _table(groups, reference)


def nnse_table(monthly: xr.DataArray, reference: str = INVERSIONS) -> pd.DataFrame:
    """Normalised Nash-Sutcliffe efficiency of monthly totals [1], as in Fig. 4."""
    columns = {m: score(monthly, m, reference, nnse).round(DECIMALS) for m in scored(reference)}
    return pd.DataFrame({"region": monthly.region.values, **columns})


def truth_table(monthly: xr.DataArray) -> pd.DataFrame:
    """Scores of each model and of the inversions against the truth, one row a region and source.

    Bias and annual RMSE [PgC yr-1], monthly RMSE [PgC month-1], R and nNSE [1].
    """
    yearly, cycle = annual(monthly), seasonal_cycle(monthly)
    parts = []
    for model in scored(TRUTH):
        columns = {
            "annual_bias": score(yearly, model, TRUTH, bias),
            "annual_RMSE": score(yearly, model, TRUTH, rmse),
            "annual_R": score(yearly, model, TRUTH, pearson_r),
            "monthly_RMSE": score(monthly, model, TRUTH, rmse),
            "monthly_R": score(monthly, model, TRUTH, pearson_r),
            "MSC_R": score(cycle, model, TRUTH, pearson_r),
            "nNSE": score(monthly, model, TRUTH, nnse),
        }
        rounded = {name: values.round(DECIMALS) for name, values in columns.items()}
        parts.append(pd.DataFrame({"region": monthly.region.values, "source": model, **rounded}))
    return pd.concat(parts, ignore_index=True)


def regions_improved(table: pd.DataFrame) -> int:
    """In how many of the 18 regions EC-ATM has the higher nNSE."""
    regional = table[table.region != "GLOBAL"]
    with_constraint, without = OURS
    return int((regional[with_constraint] > regional[without]).sum())
