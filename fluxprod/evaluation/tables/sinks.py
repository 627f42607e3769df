"""Mean annual fluxes of each source, and how much of EC's bias the inversions remove."""

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
    """Standard deviation over members of their mean annual total, over the years that all have.

    Other years would count the difference between years as one between members.

    Parameters
    ----------
    members : DataArray, dims (member, ..., time) [PgC month-1]

    Returns
    -------
    DataArray, dims (...) [PgC yr-1]
    """
    return spread(annual(members).dropna("year").mean("year"))


def global_sinks(totals: Totals, budget: pd.Series, budget_spread: float) -> pd.DataFrame:
    """Mean annual NEE of the globe by source, with its spread and its IAV.

    The spread is that of `mean_spread`.

    Parameters
    ----------
    totals : Totals
    budget : Series, by year [PgC yr-1]
        Land sink of the Global Carbon Budget, positive to the atmosphere.
    budget_spread : float [PgC yr-1]
        One standard deviation of that sink as its workbook states it for a year, NaN if it does
        not.
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
    """Mean annual NEE, one row a region, one column a source and its spread [PgC yr-1]."""
    means = mean_annual(totals.mean)
    columns: dict = {"region": means.region.values}
    for source in map(str, means.source.values):
        columns[source] = means.sel(source=source).values.round(DECIMALS)
        if source in totals.members:
            values = mean_spread(totals.members[source]).values
            columns[f"{source}_spread"] = values.round(DECIMALS)
    return pd.DataFrame(columns)


def regional_annual(totals: Totals) -> pd.DataFrame:
    """Annual NEE, one row a region and year, one column a source and its spread [PgC yr-1]."""
    yearly = annual(totals.mean)
    columns = {}
    for source in map(str, yearly.source.values):
        columns[source] = yearly.sel(source=source).to_series()
        if source in totals.members:
            columns[f"{source}_spread"] = spread(annual(totals.members[source])).to_series()
    return pd.DataFrame(columns).round(DECIMALS).reset_index()


def global_annual(regional: pd.DataFrame, budget: pd.Series) -> pd.DataFrame:
    """Annual NEE of the globe and its detrended anomaly by source [PgC yr-1] (Fig. 2)."""
    table = regional[regional.region == GLOBAL].drop(columns="region").reset_index(drop=True)
    table[GCB] = budget.reindex(table.year).round(DECIMALS).values
    for source in [name for name in table if name in LABELS]:
        table[f"{source}_anomaly"] = detrended(table[source].to_numpy()).round(DECIMALS)
    return table


def seasonal_table(totals: Totals) -> pd.DataFrame:
    """Mean seasonal cycle, one row a region and month [PgC month-1] (Figs. 3 and C1)."""
    cycle = seasonal_cycle(totals.mean)
    columns = {}
    for source in map(str, cycle.source.values):
        columns[source] = cycle.sel(source=source).to_series()
        if source in totals.members:
            members = seasonal_cycle(totals.members[source])
            columns[f"{source}_spread"] = spread(members).to_series()
    return pd.DataFrame(columns).round(DECIMALS + 1).reset_index()


def bias_removed(regional: pd.DataFrame, reference: str) -> float:
    """Share of EC's global bias that EC-ATM does not have [1]; 1 is all of it."""
    globe = regional.set_index("region").loc[GLOBAL]
    return float(share_removed(globe[EC_ATM], globe[EC], globe[reference]))


def share_removed(sink: ArrayLike, without: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Share of the bias of a sink without the constraint that the sink with it lacks [1].

    >>> share_removed([-5.0, -1.0], -23.0, -3.0).tolist()
    [0.9, 0.9]
    """
    left = np.abs(np.subtract(sink, reference))
    return 1.0 - left / np.abs(np.subtract(without, reference))


def tropical_share(regional: pd.DataFrame, reference: str) -> float:
    """Share of EC's global bias that lies in the tropical regions [1]."""
    difference = (regional[EC] - regional[reference]).set_axis(regional.region)
    return float(difference[list(TROPICS)].sum() / difference[GLOBAL])


def regional_rmse(table: pd.DataFrame, source: str, *, tropical: bool) -> float:
    """Mean over regions of the annual RMSE in a table of scores [PgC yr-1]."""
    regional = table[(table.source == source) & (table.region != GLOBAL)]
    inside = regional.region.isin(TROPICS) == tropical
    return float(np.mean(regional[inside].annual_RMSE))
