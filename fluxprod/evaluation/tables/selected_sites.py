"""Two towers in the region where the models differ most (Fig. 9)."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.scores import bias, pearson_r, rmse
from fluxprod.evaluation.run.sources import EC, EC_ATM
from fluxprod.evaluation.tables.site_density import BIN, density_by, with_scores

DECIMALS = 4
N_SITES = 2


def region_apart(sinks: pd.DataFrame, region: np.ndarray) -> int:
    """Index of the region where the mean annual NEE of EC and EC-ATM differs most.

    Parameters
    ----------
    sinks : DataFrame
        ``region``, ``EC-ATM``, ``EC`` [PgC yr-1].
    region : ndarray of int, shape (site,)
        Index of the region of each tower, -1 outside the regions. A region with fewer than two
        towers is chosen only if all have fewer.
    """
    number, count = np.unique(region[region >= 0], return_counts=True)
    enough = min(N_SITES, count.max())
    apart = (sinks[EC] - sinks[EC_ATM]).abs().set_axis(sinks.region)
    of = {int(n): apart[ABBREVIATIONS[n]] for n in number[count >= enough]}
    return max(of, key=of.__getitem__)


def sites_apart(site: np.ndarray, predicted: dict[str, np.ndarray]) -> list[int]:
    """Sites at which the mean NEE of the two models differs least and most; a single site alone."""
    apart = pd.Series(predicted[EC] - predicted[EC_ATM]).groupby(site).mean().abs()
    in_order = apart.sort_values(kind="stable").index
    return list(dict.fromkeys([in_order[0], in_order[-1]]))


def selected_sites(
    sites: xr.Dataset, predicted: dict[str, np.ndarray], sinks: pd.DataFrame
) -> pd.DataFrame:
    """Density of site-days and scores at two towers.

    Parameters
    ----------
    sites : Dataset
        ``NEE`` [g m-2 d-1] and ``site_index`` by record; ``region`` and ``igbp`` by site.
    predicted : dict of ndarray, shape (record,)
        Out-of-fold NEE by model [g m-2 d-1].
    sinks : DataFrame
        See `region_apart`.

    Returns
    -------
    DataFrame
        Table of `with_scores`: ``site``, ``model``; ``RMSE``, ``R``, ``bias``, ``igbp`` and
        ``region`` of each site; bins.
    """
    site, observed = sites.site_index.values, sites.NEE.values
    with_records = np.unique(site)
    region = sites.region.values
    inside = region[site] == region_apart(sinks, region[with_records])
    two = sites_apart(site[inside], {key: values[inside] for key, values in predicted.items()})
    rows = []
    for number in two:
        of = site == number
        about = {
            "site": str(sites.site.values[number]),
            "region": ABBREVIATIONS[region[number]],
            "igbp": str(sites.igbp.values[number]),
        }
        for model, values in predicted.items():
            rows.append({**about, "model": model, **_scores(values[of], observed[of])})
    scores = pd.DataFrame(rows).round(DECIMALS)
    of = np.isin(site, two)
    names = sites.site.values.astype(str)[site[of]]
    of_two = {key: values[of] for key, values in predicted.items()}
    return with_scores(density_by("site", names, observed[of], of_two, BIN), scores)


def _scores(modelled: np.ndarray, observed: np.ndarray) -> dict[str, float]:
    measures = {"RMSE": rmse, "R": pearson_r, "bias": bias}
    return {name: float(measure(modelled, observed)) for name, measure in measures.items()}
