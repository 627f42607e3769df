"""Tables 2 and 3 of Upton et al. and the scores against the truth, one row per region."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike

from fluxprod.core.scores import bias, nnse, pearson_r, rmse
from fluxprod.evaluation.run.periods import annual, seasonal_cycle
from fluxprod.evaluation.run.sources import INVERSIONS, MODELS, OURS, TRUTH
from fluxprod.evaluation.run.totals import GLOBAL

DECIMALS = 4
PAPER_DECIMALS = 6  # of Tables 2 and 3, which are rounded again to 3 or 4 when printed
Score = Callable[[ArrayLike, ArrayLike], np.ndarray]
Groups = list[tuple[str, xr.DataArray, Score]]


def score(totals: xr.DataArray, model: str, reference: str, measure: Score) -> np.ndarray:
    """Score of a model against a reference along the last axis, one value per region."""
    return measure(totals.sel(source=model).values, totals.sel(source=reference).values)


def scored(reference: str) -> tuple[str, ...]:
    """Sources scored against a reference; the inversions only against the truth."""
    return MODELS if reference == INVERSIONS else (*MODELS, INVERSIONS)


def _table(groups: Groups, reference: str) -> pd.DataFrame:
    columns = {
        f"{label}_{model}": score(series, model, reference, measure).round(PAPER_DECIMALS)
        for label, series, measure in groups
        for model in scored(reference)
    }
    return pd.DataFrame({"region": groups[0][1].region.values, **columns})


def table2(monthly: xr.DataArray, reference: str = INVERSIONS) -> pd.DataFrame:
    """Table 2: R and RMSE of monthly totals and mean seasonal cycles against a reference.

    Parameters
    ----------
    monthly : DataArray, dims (source, region, time)
        Monthly totals [PgC month-1].
    reference : str
        Inversions, as in the paper, or the truth.

    Returns
    -------
    DataFrame
        ``region`` and ``<score>_<model>`` in the order of the paper, models within scores; R [1]
        and RMSE [PgC month-1].
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
    """Table 3: R [1] and RMSE [PgC yr-1] of annual totals against a reference; see `table2`."""
    yearly = annual(monthly)
    groups: Groups = [("annual_R", yearly, pearson_r), ("annual_RMSE", yearly, rmse)]
    return _table(groups, reference)


def nnse_table(monthly: xr.DataArray, reference: str = INVERSIONS) -> pd.DataFrame:
    """Normalised Nash-Sutcliffe efficiency of monthly totals [1], as in Fig. 4."""
    columns = {m: score(monthly, m, reference, nnse).round(DECIMALS) for m in scored(reference)}
    return pd.DataFrame({"region": monthly.region.values, **columns})


def truth_table(monthly: xr.DataArray) -> pd.DataFrame:
    """Scores of the models and the inversions against the truth, one row per region and source.

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
    """Number of the 18 regions in which EC-ATM has a higher nNSE than EC."""
    regional = table[table.region != GLOBAL]
    with_constraint, without = OURS
    return int((regional[with_constraint] > regional[without]).sum())
