"""The data set FLUXtrapolation: hourly fluxes and covariates, one CSV table for each tower.

Names of folders, files and columns are those that ``load_data`` and ``get_data_split`` read in
dataloader.py of the public repository anyafries/FLUXtrapolation, at first fluxnet_bench (Fries et
al. 2026, arXiv:2605.19812). Every column that is not listed here is a covariate; which ones there
are is in the data set alone. The limits of plausible values are our own.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.table_text import (
    out_of_range,
    read_header,
    require_columns,
    unreadable_table,
)

SITES = "sites"  # folder with one file for each site, named by the site
SITES_OF_TIME_SPLIT = "sites_with_2018.csv"
NEE = "NEE"  # umol m-2 s-1
FLUXES = ("GPP", NEE, "ET")  # the hours that lack one are not learned from
QC = "qc_mask"  # whether the fluxes of the hour were measured
NO_COVARIATES = ("time", "year", QC, "tower_lat", "tower_lon", *FLUXES)
PLAUSIBLE_NEE = (-300.0, 300.0)  # umol m-2 s-1


def _as_they_are(paths: Iterable[Path]) -> Iterable[Path]:
    return paths


def read_hours(
    folder: Path, follow: Callable[[list[Path]], Iterable[Path]] = _as_they_are
) -> tuple[pd.DataFrame, list[str]]:
    """Read the hours of all sites.

    Parameters
    ----------
    folder : Path
        Folder of the data set, which has the folder ``sites``.
    follow : callable, optional
        Shows progress while the files are read.

    Returns
    -------
    hours : DataFrame
        ``site_id``, ``time``, ``year``, ``QC`` (bool), ``FLUXES``, and the covariates as float32,
        by site and in the order of each file.
    covariates : list of str
        Columns of the covariates.

    Raises
    ------
    DataError
        If there is no site, the columns of a site differ from those of the others, a covariate has
        a gap, or NEE is impossible.
    """
    paths = sorted((folder / SITES).glob("*.csv"))
    if not paths:
        expected = "one CSV table for each site, such as AU-Dry.csv"
        raise DataError(folder / SITES, "files", "no *.csv", expected)
    covariates = [name for name in read_header(paths[0]) if name not in NO_COVARIATES]
    if not covariates:
        raise DataError(paths[0], "columns", "no covariate", "covariates beside the fluxes")
    tables = [_read_site(path, covariates) for path in follow(paths)]
    names = [path.stem for path in paths]
    sites = np.repeat(names, [len(table) for table in tables])
    hours = pd.concat(tables, ignore_index=True)
    hours.insert(0, "site_id", pd.Series(pd.Categorical(sites, categories=names)))
    return hours, covariates


def _read_site(path: Path, covariates: list[str]) -> pd.DataFrame:
    header = read_header(path)
    require_columns(path, header, [*NO_COVARIATES, *covariates])
    if more := sorted(set(header) - {*NO_COVARIATES, *covariates}):
        raise DataError(
            path, ", ".join(more), "a column that the first site lacks", "the same columns"
        )
    kept = ["time", "year", QC, *FLUXES, *covariates]
    try:
        table = pd.read_csv(path, usecols=kept)[kept]
        table["time"] = pd.to_datetime(table["time"]).astype("datetime64[s]")
        table[covariates] = table[covariates].astype(np.float32)
        table[list(FLUXES)] = table[list(FLUXES)].astype(float)
        table = table.astype({"year": np.int16, QC: bool})
    except (OSError, EOFError, ValueError, TypeError) as error:
        raise unreadable_table(path, error) from error
    _check(path, table, covariates)
    return table


def _check(path: Path, table: pd.DataFrame, covariates: list[str]) -> None:
    if table.empty:
        raise DataError(path, "rows", "no hour", "one row for each hour")
    gaps = table[covariates].isna().any()
    if gaps.any():
        raise DataError(path, ", ".join(gaps.index[gaps]), "gaps", "a covariate in every hour")
    values = table[NEE].to_numpy()
    low, high = PLAUSIBLE_NEE
    wrong = (values < low) | (values > high)
    if wrong.any():
        expected = f"{low:g} to {high:g} umol m-2 s-1, empty where missing"
        raise DataError(path, NEE, out_of_range(values, wrong), expected, "check the unit")
    twice = table["time"].duplicated()
    if twice.any():
        found = f"{table['time'][twice].iloc[0]} twice"
        raise DataError(path, "time", found, "each hour once")


def read_sites_of_time_split(folder: Path) -> list[str]:
    """Read the names of the sites that the split by time uses.

    Raises
    ------
    DataError
        If the table is missing or has no column ``site_id``.
    """
    path = folder / SITES_OF_TIME_SPLIT
    require_columns(path, read_header(path), ["site_id"])
    return [str(name) for name in pd.read_csv(path, usecols=["site_id"], dtype=str)["site_id"]]
