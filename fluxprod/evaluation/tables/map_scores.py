"""Agreement between maps of mean annual NEE, weighted by land area."""

from functools import reduce
from operator import add

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS, UNASSIGNED
from fluxprod.core.scores import Moments, moments
from fluxprod.evaluation.run.maps import annual_density
from fluxprod.evaluation.run.sources import INVERSIONS, TRUTH
from fluxprod.evaluation.run.totals import ROWS
from fluxprod.evaluation.tables.regions import scored

DECIMALS = 3


def regional_moments(
    estimate: np.ndarray, reference: np.ndarray, area: np.ndarray, region: np.ndarray
) -> dict[str, Moments]:
    """Sums over the cells of each region, and of the globe including land outside the regions.

    Parameters
    ----------
    estimate, reference : ndarray, shape (cell,)
        Maps in the same unit.
    area : ndarray, shape (cell,)
        Weight of each cell [m2].
    region : ndarray of int, shape (cell,)
        Index of the region, -1 outside the regions.
    """
    blocks = [
        moments(estimate[of], reference[of], area[of])
        for of in (region == number for number in (*range(len(ABBREVIATIONS)), UNASSIGNED))
    ]
    return dict(zip(ROWS, [reduce(add, blocks), *blocks[:-1]], strict=True))


def map_scores(geography: xr.Dataset, monthly_by_source: dict[str, xr.DataArray]) -> pd.DataFrame:
    """Scores of maps against inversions and truth by reference, source and region.

    Parameters
    ----------
    geography : Dataset
        ``land_area`` and ``cell_region`` by land cell.
    monthly_by_source : dict of DataArray, dims (cell, time)
        Monthly NEE per area of land [g m-2 d-1].

    Returns
    -------
    DataFrame
        Bias and RMSE [g m-2 yr-1] and R [1] of mean annual NEE over the cells.
    """
    area, region = geography.land_area.values, geography.cell_region.values
    means = {name: annual_density(part).mean(axis=1) for name, part in monthly_by_source.items()}
    rows = []
    for reference in (name for name in (INVERSIONS, TRUTH) if name in means):
        for source in scored(reference):
            sums = regional_moments(means[source], means[reference], area, region)
            for name, part in sums.items():
                where = {"reference": reference, "source": source, "region": name}
                rows.append(where | {"bias": part.bias, "RMSE": part.rmse, "R": part.pearson_r})
    return pd.DataFrame(rows).round(DECIMALS)
