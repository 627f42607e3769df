"""Days with good NEE of all towers, counted while every record is read."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError, DataErrors
from fluxprod.readers.towers.files import TowerFile
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.readers.towers.lathuile import read_lathuile_years
from fluxprod.readers.towers.sites import facts_of, find_tower_files, fluxnet_sites, lathuile_sites

Read = Callable[[str, list[TowerFile]], xr.Dataset]


def good_days_by_site(fluxnet: Path, lathuile: Path, years: range, min_qc: float) -> dict[str, int]:
    """Read all towers as `read_towers` does and count the days with good NEE.

    Parameters
    ----------
    fluxnet, lathuile : Path
        Folders of towers; see `read_towers`.
    years : range
        Years in which days are counted.
    min_qc : float
        Share of good half hours that a good day needs [1].

    Returns
    -------
    dict of str to int
        Number of days by site [d].

    Raises
    ------
    DataErrors
        All faults of all towers.
    """
    faults: list[DataError] = []
    newer, older = _files(fluxnet, faults), _files(lathuile, faults)
    older = {site: files for site, files in older.items() if site not in newer}
    days = {}
    for folder, towers, sites, read in (
        (fluxnet, newer, fluxnet_sites, _read_newer),
        (lathuile, older, lathuile_sites, read_lathuile_years),
    ):
        known = _sites(folder, sites, faults) if towers else None
        for site, files in towers.items():
            try:
                if known is not None:
                    facts_of(folder, known, site)
                days[site] = _good_days(read(site, files), years, min_qc)
            except DataError as error:
                faults += error.faults
    if faults:
        raise DataErrors(faults)
    return days


def _files(folder: Path, faults: list[DataError]) -> Mapping[str, list[TowerFile]]:
    try:
        return find_tower_files(folder)
    except DataError as error:
        faults += error.faults
        return {}


def _sites(
    folder: Path, read: Callable[[Path], pd.DataFrame], faults: list[DataError]
) -> pd.DataFrame | None:
    try:
        return read(folder)
    except DataError as error:
        faults += error.faults
        return None


def _read_newer(site: str, files: list[TowerFile]) -> xr.Dataset:
    return read_fluxnet_daily(files[0])


def _good_days(tower: xr.Dataset, years: Iterable[int], min_qc: float) -> int:
    good = tower.NEE.notnull() & (tower.NEE_QC >= min_qc)
    return int((good & tower.time.dt.year.isin(list(years))).sum())
