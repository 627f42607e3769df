"""The data set CarbonFluxBench: daily fluxes, MODIS and ERA5-Land at towers, as Parquet tables.

File names, columns, the first day, the fill value and the prefixes of site names are those that
``load_targets`` (carbonfluxbench/utils/targets.py), ``load_modis`` and ``load_era`` (features.py)
read in the public repository alexxxroz/CarbonFluxBench (commit ee17b99e, MIT; Rozanov et al. 2026,
arXiv:2603.09868). The names of the features of ERA5-Land are in the data set itself, in
``feature_sets.json``. The limits of plausible values are our own.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.benchmarks.parquet import read_parquet
from fluxprod.readers.towers.table_text import out_of_range

FLUXES, MODIS, ERA5 = "target_fluxes_v2.parquet", "MOD09GA.parquet", "ERA5.parquet"
FEATURE_SETS = "feature_sets.json"
CLIMATES = {"Koppen": "koppen_sites.json", "Koppen_short": "koppen_sites_short.json"}
NEE, QC = "NEE_VUT_USTAR50", "NEE_VUT_USTAR50_QC"  # g C m-2 d-1; share of measured half hours [1]
TARGETS = ("GPP_NT_VUT_USTAR50", "RECO_NT_VUT_USTAR50", NEE)  # days that lack one do not count
CLASSES = ("IGBP", "Koppen", "Koppen_short")
BANDS = (
    *(f"sur_refl_b0{number}" for number in range(1, 8)),
    *("SensorZenith", "SensorAzimuth", "SolarZenith", "SolarAzimuth", "clouds"),
)
FIRST_DAY = pd.Timestamp("2000-02-24")  # of the observations of MODIS
FILL = -9999.0
COORDINATE_DECIMALS = 3  # to which latitudes and longitudes are rounded
PLAUSIBLE = {NEE: (-200.0, 200.0), QC: (0.0, 1.0), "lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}
UNITS = {NEE: "g C m-2 d-1", QC: "1", "lat": "degrees north", "lon": "degrees east"}


def read_fluxes(folder: Path) -> pd.DataFrame:
    """Read the days with fluxes, and the classes of their sites.

    Parameters
    ----------
    folder : Path
        Folder of the data set.

    Returns
    -------
    DataFrame
        ``date``, ``site``, ``lat`` and ``lon`` [degrees], ``CLASSES``, ``TARGETS`` [g C m-2 d-1]
        and ``QC`` [1], without gaps, in the order of the file.

    Raises
    ------
    DataError
        If a file or column is missing, a value is impossible, a day occurs twice at a site, or
        nothing is left.
    """
    path = folder / FLUXES
    table = read_parquet(path, ["TIMESTAMP", "site", "lat", "lon", "IGBP", *TARGETS, QC])
    numbers = ["lat", "lon", *TARGETS, QC]
    table[numbers] = _numbers(path, table[numbers]).replace(FILL, np.nan)
    table.insert(0, "date", _days(path, table.pop("TIMESTAMP")))
    table["site"] = table["site"].map(_site_name)
    for name in ("lat", "lon"):
        table[name] = table[name].round(COORDINATE_DECIMALS)
    for name, file in CLIMATES.items():
        classes = _json_object(folder / file)
        table[name] = table["site"].map(classes)
    table = table[["date", "site", "lat", "lon", *CLASSES, *TARGETS, QC]]
    table = table[table["date"] >= FIRST_DAY].dropna().reset_index(drop=True)
    if table.empty:
        raise DataError(
            path, "rows", "no complete day", "days with fluxes at sites of known climate"
        )
    _check(path, table)
    return table


def read_feature_names(folder: Path, feature_set: str) -> list[str]:
    """Read the names of the features of ERA5-Land in a set: minimal, standard or full.

    Raises
    ------
    DataError
        If the file does not list the set.
    """
    path = folder / FEATURE_SETS
    sets = _json_object(path)
    names = sets.get(feature_set)
    if not (isinstance(names, list) and names and all(isinstance(name, str) for name in names)):
        found = (
            f"sets {', '.join(map(str, sets))}" if feature_set not in sets else "no list of names"
        )
        raise DataError(path, feature_set, found, "a list of names of features")
    return names


def read_features(folder: Path, names: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the daily observations of MODIS and the daily weather of ERA5-Land.

    Parameters
    ----------
    folder : Path
        Folder of the data set.
    names : list of str
        Features of ERA5-Land.

    Returns
    -------
    modis : DataFrame
        ``date``, ``site`` and ``BANDS``, in the units of the data set; the first row of each day at
        each site.
    era5 : DataFrame
        The same for ``names``.

    Raises
    ------
    DataError
        If a file or column is missing, or a value is not a number.
    """
    return _read_daily(folder / MODIS, list(BANDS)), _read_daily(folder / ERA5, names)


def _read_daily(path: Path, names: list[str]) -> pd.DataFrame:
    table = read_parquet(path, ["date", "site", *names])
    table["date"] = _days(path, table["date"])
    table["site"] = table["site"].map(_site_name)
    table[names] = _numbers(path, table[names])
    return table.drop_duplicates(["date", "site"], ignore_index=True)


def _site_name(name: str) -> str:
    """Name without the prefix of its network: ``US-Ivo`` for ``FLX_US-Ivo``."""
    return name.split("_")[1] if "_" in name else name


def _days(path: Path, column: pd.Series) -> pd.Series:
    """Days as dates, from dates or from numbers or texts such as 20010131."""
    try:
        if pd.api.types.is_datetime64_any_dtype(column):
            days = column
        elif pd.api.types.is_numeric_dtype(column):
            days = pd.to_datetime(column.astype(int).astype(str), format="%Y%m%d")
        else:
            days = pd.to_datetime(column.astype(str))
    except (TypeError, ValueError) as error:
        found = f"{column.iloc[0]!r} in the first row" if len(column) else "no row"
        raise DataError(path, str(column.name), found, "days such as 20010131") from error
    return days.astype("datetime64[s]")


def _numbers(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    """Columns as float64."""
    for name, kind in table.dtypes.items():
        if not pd.api.types.is_numeric_dtype(kind):
            raise DataError(path, str(name), f"values of type {kind}", "numbers")
    return table.astype(float)


def _json_object(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(path, "file", "no such file", "a JSON object") from error
    except (OSError, ValueError) as error:
        raise DataError(path, "file", f"unreadable content ({error})", "a JSON object") from error
    if not isinstance(content, dict):
        raise DataError(path, "file", type(content).__name__, "a JSON object")
    return content


def _check(path: Path, table: pd.DataFrame) -> None:
    for name, (low, high) in PLAUSIBLE.items():
        values = table[name].to_numpy()
        wrong = (values < low) | (values > high)
        if wrong.any():
            expected = f"{low:g} to {high:g} {UNITS[name]}, or {FILL:g} where missing"
            raise DataError(path, name, out_of_range(values, wrong), expected, "check the unit")
    twice = table.duplicated(["date", "site"])
    if twice.any():
        row = table[twice].iloc[0]
        raise DataError(path, row["site"], f"{row['date']:%F} twice", "each day once")
