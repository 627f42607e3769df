"""Checks common to all tables of sites: coordinates on the globe, and each site once."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from fluxprod.core.errors import DataError

UNITS = {"lat": "degree_north", "lon": "degree_east"}
RANGES = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}


def checked_sites(path: Path, sites: pd.DataFrame, missing: Collection[str]) -> pd.DataFrame:
    """Convert a table of sites from text and check it.

    Parameters
    ----------
    path : Path
        File name for error messages.
    sites : DataFrame of str
        Columns ``site``, ``lat``, ``lon`` and ``igbp``.
    missing : collection of str
        Texts that denote a missing value.

    Returns
    -------
    DataFrame
        The same columns with ``lat`` [degree_north] and ``lon`` [degree_east] as numbers, NaN where
        missing, and ``igbp`` empty where missing; sorted by site.

    Raises
    ------
    DataError
        If there is no site, a site occurs twice, or a coordinate is not a number or is off the
        globe.
    """
    sites = sites.fillna("").astype(str)
    if sites.empty:
        raise DataError(path, "file", "no site with a position or biome", "at least one site")
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
