"""Mean annual NEE of each source, and the share of the bias of EC that the inversions remove."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike

from fluxprod.core.regions import TROPICS
from fluxprod.core.scores import detrended, interannual_variability
from fluxprod.evaluation.run.periods import annual, mean_annual, seasonal_cycle, spread
from fluxprod.evaluation.run.sources import EC, EC_ATM, GCB, LABELS
from fluxprod.evaluation.run.totals import GLOBAL, Totals

DECIMALS = 4


def mean_spread(members: xr.DataArray) -> xr.DataArray:
    """Standard deviation across the members of their mean annual total over common years.

    Years that a member lacks would count interannual variability as a difference between members.

    Parameters
    ----------
    members : DataArray, dims (member, ..., time)
        Monthly totals [PgC month-1].

    Returns
    -------
    DataArray, dims (...)
        Spread [PgC yr-1].
    """
    return spread(annual(members).dropna("year").mean("year"))


def global_sinks(totals: Totals, budget: pd.Series, budget_spread: float) -> pd.DataFrame:
    """Mean annual global NEE, its spread (see `mean_spread`) and interannual variability.

    Parameters
    ----------
    totals : Totals
        Monthly totals of all sources.
    budget : Series, by year
        Land sink of the Global Carbon Budget, positive to the atmosphere [PgC yr-1].
    budget_spread : float
        Standard deviation of that sink for one year as its workbook states it, NaN if it does not
        [PgC yr-1].

    Returns
    -------
    DataFrame
        ``source``, ``label``, ``nee``, ``spread``, ``iav`` [PgC yr-1] and ``n_members``.
    """
    yearly = annual(totals.mean.sel(region=GLOBAL))
    rows = []
    for source in yearly.source.values:
        series, ensemble = yearly.sel(source=source).values, totals.members.get(str(source))
        row = {"source": source, "nee": series.mean(), "iav": interannual_variability(series)}
        if ensemble is not None:
            row["spread"] = float(mean_spread(ensemble.sel(region=GLOBAL)))
            row["n_members"] = ensemble.sizes["member"]
        rows.append(row)
    iav = interannual_variability(budget.to_numpy())
    rows.append({"source": GCB, "nee": budget.mean(), "spread": budget_spread, "iav": iav})
    table = pd.DataFrame(rows, columns=["source", "nee", "spread", "iav", "n_members"])
    table["n_members"] = table["n_members"].astype("Int64")
    table.insert(1, "label", table.source.map(LABELS))
    return table.round(DECIMALS)


def regional_sinks(totals: Totals) -> pd.DataFrame:
    """Mean annual NEE [PgC yr-1], one row per region, with columns for each source and spread."""
    means = mean_annual(totals.mean)
    columns: dict[str, np.ndarray] = {"region": means.region.values}
    for source in map(str, means.source.values):
        columns[source] = means.sel(source=source).values.round(DECIMALS)
        if source in totals.members:
            values = mean_spread(totals.members[source]).values
            columns[f"{source}_spread"] = values.round(DECIMALS)
    return pd.DataFrame(columns)


def with_spreads(totals: Totals, period: Callable[[xr.DataArray], xr.DataArray]) -> pd.DataFrame:
    """Totals over periods, with columns ``<source>`` and ``<source>_spread``.

    Parameters
    ----------
    totals : Totals
        Monthly totals of all sources.
    period : callable
        Function of monthly totals, dims (..., time), that replaces their last dimension, such as
        `annual`.

    Returns
    -------
    DataFrame
        Indexed by region and period, in the unit of the totals per period.
    """
    values = period(totals.mean)
    columns = {}
    for source in map(str, values.source.values):
        columns[source] = values.sel(source=source).to_series()
        if source in totals.members:
            columns[f"{source}_spread"] = spread(period(totals.members[source])).to_series()
    return pd.DataFrame(columns)


def regional_annual(totals: Totals) -> pd.DataFrame:
    """Annual NEE by region and year, with columns for each source and its spread [PgC yr-1]."""
    return with_spreads(totals, annual).round(DECIMALS).reset_index()


def global_annual(regional: pd.DataFrame, budget: pd.Series) -> pd.DataFrame:
    """Annual global NEE and its detrended anomalies by source [PgC yr-1] (Fig. 2)."""
    table = regional[regional.region == GLOBAL].drop(columns="region").reset_index(drop=True)
    table[GCB] = budget.reindex(table.year).round(DECIMALS).values
    for source in [name for name in table if name in LABELS]:
        table[f"{source}_anomaly"] = detrended(table[source].to_numpy()).round(DECIMALS)
    return table


def seasonal_table(totals: Totals) -> pd.DataFrame:
    """Mean seasonal cycle, one row per region and month [PgC month-1] (Figs. 3 and C1)."""
    return with_spreads(totals, seasonal_cycle).round(DECIMALS + 1).reset_index()


def bias_removed(regional: pd.DataFrame, reference: str) -> float:
    """Share of the global bias of EC that EC-ATM does not have [1]; 1 is all of it."""
    globe = regional.set_index("region").loc[GLOBAL]
    return float(share_removed(globe[EC_ATM], globe[EC], globe[reference]))


def share_removed(sink: ArrayLike, without: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Share of the bias of an unconstrained sink that the constraint removes [1].

    Parameters
    ----------
    sink, without, reference : array_like
        Sinks with and without the constraint, and their reference, in the same unit.

    Examples
    --------
    >>> share_removed([-5.0, -1.0], -23.0, -3.0).tolist()
    [0.9, 0.9]
    """
    left = np.abs(np.subtract(sink, reference))
    return 1.0 - left / np.abs(np.subtract(without, reference))


def tropical_share(regional: pd.DataFrame, reference: str) -> float:
    """Share of the global bias of EC that lies in the tropical regions [1]."""
    difference = (regional[EC] - regional[reference]).set_axis(regional.region)
    return float(difference[list(TROPICS)].sum() / difference[GLOBAL])


def regional_rmse(table: pd.DataFrame, source: str, *, tropical: bool) -> float:
    """Mean annual RMSE of the tropical or the other regions [PgC yr-1], from `truth_table`."""
    regional = table[(table.source == source) & (table.region != GLOBAL)]
    inside = regional.region.isin(TROPICS) == tropical
    return float(np.mean(regional[inside].annual_RMSE))
