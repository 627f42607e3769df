"""Errors of annual NEE relative to the stated spread, for regions and cells, and their coverage."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.evaluation.run.maps import annual_density, at_cells
from fluxprod.evaluation.run.periods import annual, spread
from fluxprod.evaluation.run.sources import OURS
from fluxprod.evaluation.run.spread_coverage import NOMINAL, coverage, standard_errors
from fluxprod.evaluation.run.totals import GLOBAL

DECIMALS = 4
ALL = "ALL"  # years of all 18 regions, or of all cells, taken together


class Inflation(NamedTuple):
    """Factors by which the spread is inflated, calibrated on other Earths.

    Attributes
    ----------
    totals : dict of float
        For annual totals of regions and the globe, by source [1].
    cells : dict of float
        For annual NEE of cells, by source [1].
    """

    totals: dict[str, float]
    cells: dict[str, float]


def total_errors(truth: xr.DataArray, members: xr.DataArray) -> pd.DataFrame:
    """Errors of annual totals, one row per year and region or globe [PgC yr-1].

    Parameters
    ----------
    truth : DataArray, dims (region, time)
        True totals [PgC month-1].
    members : DataArray, dims (member, region, time)
        Totals of the members [PgC month-1].

    Returns
    -------
    DataFrame
        ``region``, ``error`` of the members' mean, ``spread``, ``z`` [1] and ``weight`` 1.
    """
    yearly = annual(members)
    error = yearly.mean("member") - annual(truth)
    return _errors(error.region.values, error.values, spread(yearly).values, np.ones(len(error)))


def cell_errors(
    truth: xr.DataArray, mean: np.ndarray, spreads: np.ndarray, land: xr.Dataset
) -> pd.DataFrame:
    """Errors of annual NEE of cells, one row per cell and year [g m-2 yr-1].

    Parameters
    ----------
    truth : DataArray, dims (time, lat, lon)
        True NEE per area of land [g m-2 d-1].
    mean, spreads : ndarray, shape (cell, year)
        Mean and spread across the members, as returned by `cell_years` [g m-2 yr-1].
    land : Dataset
        ``cell``, ``cell_region``, ``land_area`` [m2].

    Returns
    -------
    DataFrame
        Columns of `total_errors`, with the land area of the cell as weight [m2]; ``region`` is
        empty for a cell outside the regions.
    """
    error = mean - annual_density(at_cells(truth, land.cell.values))
    region = np.array([*ABBREVIATIONS, ""])[land.cell_region.values]  # -1 is no region
    return _errors(region, error, spreads, land.land_area.values)


def _errors(
    region: np.ndarray, error: np.ndarray, spreads: np.ndarray, weight: np.ndarray
) -> pd.DataFrame:
    """Flatten arrays of shape (place, year) to one row per element; weights are by place."""
    years = error.shape[1]
    return pd.DataFrame(
        {
            "region": np.repeat(region, years),
            "error": error.ravel(),
            "spread": spreads.ravel(),
            "z": standard_errors(error, spreads).ravel(),
            "weight": np.repeat(weight, years),
        }
    )


def coverage_table(errors: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Coverage with the stated and with the inflated spread, one row per region.

    Parameters
    ----------
    errors : DataFrame
        As returned by `total_errors` or `cell_errors`.
    factor : float
        Inflation of the spread [1].

    Returns
    -------
    DataFrame
        ``region`` (ALL, GLOBAL if present, then the 18 regions); ``n``, the number of errors;
        ``inflation``, the factor; ``raw_68``, ``inflated_68``, ``raw_95``, ``inflated_95`` [1].
    """
    parts = {ALL: errors[errors.region != GLOBAL]}
    parts |= {name: errors[errors.region == name] for name in (GLOBAL, *ABBREVIATIONS)}
    rows = [_row(name, part, factor) for name, part in parts.items() if len(part)]
    return pd.DataFrame(rows).round(DECIMALS)


def _row(region: str, errors: pd.DataFrame, factor: float) -> dict[str, str | float]:
    row: dict[str, str | float] = {
        "region": region,
        "n": int(errors.z.notna().sum()),
        "inflation": factor,
    }
    for level in NOMINAL:
        row[f"raw_{level}"] = coverage(errors.z, level, weight=errors.weight)
        row[f"inflated_{level}"] = coverage(errors.z, level, factor, errors.weight)
    return row


def models_coverage(errors: dict[str, pd.DataFrame], factors: dict[str, float]) -> pd.DataFrame:
    """Tables of `coverage_table` for both models in one, with ``source`` as the first column.

    The inflated coverage of a model without a factor is missing.

    Parameters
    ----------
    errors : dict of DataFrame
        By source, as returned by `total_errors` or `cell_errors`.
    factors : dict of float
        By source [1].
    """
    parts = [coverage_table(errors[source], factors.get(source, np.nan)) for source in OURS]
    table = pd.concat(parts, keys=OURS, names=["source"])
    return table.reset_index("source").reset_index(drop=True)
