"""What all tables of sites have in common: coordinates on the globe, each site once."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from fluxprod.core.errors import DataError

UNITS = {"lat": "degree_north", "lon": "degree_east"}
RANGES = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}


def checked_sites(path: Path, sites: pd.DataFrame, missing: Collection[str]) -> pd.DataFrame:
    """Turn texts into a table of sites.

    Parameters
    ----------
    path : Path
        What errors name.
    sites : DataFrame of str
        Columns ``site``, ``lat``, ``lon``, ``igbp``.
    missing : collection of str
        Texts that stand for no value.

    Returns
    -------
    DataFrame
        ``lat`` [degree_north] and ``lon`` [degree_east] as numbers, NaN where missing; ``igbp``
        empty where missing; sorted by site.

    Raises
    ------
    DataError
        If there is no site or one twice, or a coordinate is no number or off the globe.
    """
    sites = sites.fillna("").astype(str)
    if sites.empty:
        raise DataError(path, "file", "no site with a place or biome", "one at least")
    repeated = sites["site"][sites["site"].duplicated()].unique()
    if len(repeated):
        raise DataError(path, "site", f"{list(repeated[:5])} more than once", "each site once")
    igbp = sites["igbp"].str.strip()
    sites = sites.assign(igbp=igbp.mask(igbp.isin(missing), ""))
    for name in RANGES:
        sites[name] = _coordinate(path, name, sites["site"], sites[name].str.strip(), missing)
    return sites.sort_values("site", ignore_index=True)


def _coordinate(
    path: Path, name: str, site: pd.Series, text: pd.Series, missing: Collection[str]
) -> pd.Series:
    absent = text.isin(missing)
    values = pd.to_numeric(text.mask(absent), errors="coerce").astype(float)
    low, high = RANGES[name]
    wrong = ~(values.between(low, high) | absent).to_numpy()
    if wrong.any():
        where = wrong.argmax()
        raise DataError(
            path,
            f"{name} of {site.iloc[where]!r}",
            repr(text.iloc[where]),
            f"{low:g} to {high:g} {UNITS[name]}",
        )
    return values
