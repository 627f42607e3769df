"""Records of CarbonFluxBench: its days with their features, as its authors prepare them.

``days_with_features`` and ``usable_days`` follow ``join_features`` (features.py) and ``tabular``
(processing.py) in carbonfluxbench/utils of the public repository alexxxroz/CarbonFluxBench (commit
ee17b99e), which its tree-based models use; the classes are those of ``SlidingWindowDataset``.
"""

import numpy as np
import pandas as pd

TRAINED_SHARE = 0.8  # of the days of each site; the later ones choose the training length
CATEGORIES = {
    "IGBP": (
        *("CRO", "CSH", "CVM", "DBF", "DNF", "EBF", "ENF", "GRA", "MF", "OSH", "SAV", "SNO"),
        *("URB", "WAT", "WET", "WSA"),
    ),
    "Koppen": tuple("ABCDE"),
    "Koppen_short": (
        *("Af", "Am", "Aw", "BWh", "BWk", "BSh", "BSk", "Cfa", "Cwa", "Csa", "Csb", "Csc"),
        *("Cwb", "Cwc", "Cfb", "Cfc", "Dsa", "Dsb", "Dsc", "Dsd", "Dwa", "Dwb", "Dwc", "Dwd"),
        *("Dfa", "Dfb", "Dfc", "Dfd", "ET", "EF"),
    ),
}


def days_with_features(
    fluxes: pd.DataFrame, modis: pd.DataFrame, era5: pd.DataFrame
) -> pd.DataFrame:
    """Join the features of the same day and site to each day with fluxes.

    Parameters
    ----------
    fluxes : DataFrame
        Days with fluxes; ``date``, ``site`` and further columns.
    modis, era5 : DataFrame
        ``date``, ``site`` and features; each day once at each site.

    Returns
    -------
    DataFrame
        Rows in the order of ``fluxes``; NaN where there is no feature.
    """
    both = fluxes.merge(modis, how="left", on=["date", "site"], sort=False)
    return both.merge(era5, how="left", on=["date", "site"], sort=False)


def later_days(table: pd.DataFrame) -> np.ndarray:
    """Whether a day (row,) belongs to the last fifth of the days of its site."""
    number = table.groupby("site").cumcount()
    days = table.groupby("site")["site"].transform("size")
    return np.asarray(number >= (days * TRAINED_SHARE).astype(int))


def usable_days(table: pd.DataFrame, bands: list[str], quality: str, min_qc: float) -> pd.DataFrame:
    """Fill gaps of the satellite, and keep complete days of sufficient quality.

    The gaps are filled in time, linearly and from the nearest value at both ends, between the days
    of the table alone.

    Parameters
    ----------
    table : DataFrame
        Days with features, as from `days_with_features`.
    bands : list of str
        Columns of the satellite.
    quality : str
        Column with the share of measured half hours of the day [1].
    min_qc : float
        Smallest such share [1].

    Returns
    -------
    DataFrame
        Rows of ``table`` by site, in the order in which sites occur, and by date.
    """
    parts = []
    for _, days in table.groupby("site", sort=False):
        daily = days.set_index("date").sort_index().asfreq("D")
        daily[bands] = daily[bands].interpolate(limit_direction="both")
        parts.append(daily.dropna().reset_index())
    usable = pd.concat(parts, ignore_index=True)
    return usable[usable[quality] >= min_qc].reset_index(drop=True)


def inputs(table: pd.DataFrame, features: list[str]) -> np.ndarray:
    """Inputs of a network: position, features, and one column for each biome and climate.

    Parameters
    ----------
    table : DataFrame
        ``lat``, ``lon`` [degrees], ``features``, and the columns of ``CATEGORIES``; an unknown
        class belongs to no column.
    features : list of str
        Columns of features, in their units.

    Returns
    -------
    ndarray of float32, shape (row, input)
    """
    numbers = table[["lat", "lon", *features]].to_numpy(np.float32)
    classes = [
        np.equal.outer(table[name].to_numpy(str), np.array(known)).astype(np.float32)
        for name, known in CATEGORIES.items()
    ]
    return np.concatenate([numbers, *classes], axis=1)
