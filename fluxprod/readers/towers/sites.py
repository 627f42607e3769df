"""Towers in the FLUXNET and La Thuile folders: their files, positions and biomes."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.folder import matching
from fluxprod.readers.towers.bif import read_site_metadata
from fluxprod.readers.towers.files import TowerFile, tables_in
from fluxprod.readers.towers.fluxnet import FILE_NAME as FLUXNET_NAME
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.readers.towers.lathuile import FILE_NAME as LATHUILE_NAME
from fluxprod.readers.towers.lathuile import read_lathuile_metadata, read_lathuile_years
from fluxprod.readers.towers.lathuile_workbook import read_lathuile_workbook
from fluxprod.readers.towers.table_text import table_text

# most reliable first; ICOS calls its BIF SITEINFO; BIFVARINFO describes columns, not sites
METADATA_NAMES = (
    re.compile(r"ICOSETC_.*_SITEINFO(_INTERIM)?_L2(?: \(\d+\))?(?i:\.csv(\.gz)?)$"),
    re.compile(r".*BIF(?!VARINFO).*\.(?i:csv(\.gz)?|xlsx)$"),
    re.compile(r".*shuttle_snapshot.*(?i:\.csv(\.gz)?)$"),
)
LATHUILE_METADATA = "Site_metadata.csv"
LATHUILE_READERS = {  # most reliable first
    LATHUILE_METADATA: read_lathuile_metadata,
    "LaThuile_Site_metadata.csv": read_lathuile_metadata,
    "LaThuile_SiteMetadata.xls": read_lathuile_workbook,
}


def read_towers(
    fluxnet: Path, lathuile: Path
) -> Iterator[tuple[str, xr.Dataset, dict[str, object]]]:
    """Read all towers one by one.

    A site in both collections is read from FLUXNET, whose processing is more recent and better.

    Parameters
    ----------
    fluxnet : Path
        Folder with daily tables and at least one BIF table or Shuttle snapshot.
    lathuile : Path
        Folder with yearly tables and a site table of ``LATHUILE_READERS``; may be empty or missing.

    Yields
    ------
    site : str
    record : Dataset, dims (time)
        As returned by `read_fluxnet_daily`.
    facts : dict
        ``lat`` [degree_north], ``lon`` [degree_east], ``igbp`` and ``source``.

    Raises
    ------
    DataError
        If a site has no position or biome, or its record is faulty.
    """
    tables, years = find_tower_files(fluxnet), find_tower_files(lathuile)
    known = fluxnet_sites(fluxnet) if tables else pd.DataFrame()
    for site, paths in tables.items():
        facts = facts_of(fluxnet, known, site)
        yield site, read_fluxnet_daily(paths[0]), {**facts, "source": "fluxnet"}
    older = [site for site in years if site not in tables]
    known = lathuile_sites(lathuile) if older else pd.DataFrame()
    for site in older:
        facts = facts_of(lathuile, known, site)
        yield site, read_lathuile_years(site, years[site]), {**facts, "source": "lathuile"}


def count_towers(fluxnet: Path, lathuile: Path) -> int:
    """Count the sites in the two folders, each once."""
    return len(find_tower_files(fluxnet).keys() | find_tower_files(lathuile).keys())


def fluxnet_sites(folder: Path) -> pd.DataFrame:
    """Read all FLUXNET site tables in a folder; a BIF takes precedence over a Shuttle snapshot.

    Returns
    -------
    DataFrame
        Columns ``site``, ``lat`` [degree_north], ``lon`` [degree_east] and ``igbp``.

    Raises
    ------
    DataError
        If there is no site table.
    """
    there = tables_in(folder)
    files = [file for name in METADATA_NAMES for file in there if name.match(file.label.name)]
    if not files:
        raise DataError(folder, "site table", "none", "a BIF table or a Shuttle snapshot")
    return _merged([read_site_metadata(file) for file in files])


def lathuile_sites(folder: Path) -> pd.DataFrame:
    """Read all La Thuile site tables in a folder, in the order of ``LATHUILE_READERS``.

    Returns
    -------
    DataFrame
        Columns ``site``, ``lat`` [degree_north], ``lon`` [degree_east] and ``igbp``.

    Raises
    ------
    DataError
        If there is no site table.
    """
    there = {name: matching(folder, name) for name in LATHUILE_READERS}
    tables = [LATHUILE_READERS[name](path) for name, paths in there.items() for path in paths]
    if not tables:
        raise DataError(folder, "site table", "none", " or ".join(LATHUILE_READERS))
    return _merged(tables)


def _merged(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """For each site, the first position and the first biome in any of the tables."""
    known = pd.concat(tables, ignore_index=True)
    places = known.dropna(subset=["lat", "lon"]).drop_duplicates("site")[["site", "lat", "lon"]]
    biomes = known[known["igbp"] != ""].drop_duplicates("site")[["site", "igbp"]]
    sites = known[["site"]].drop_duplicates()
    sites = sites.merge(places, on="site", how="left").merge(biomes, on="site", how="left")
    return sites.fillna({"igbp": ""})


def facts_of(path: Path, known: pd.DataFrame, site: str) -> dict[str, object]:
    """Position and biome of a site.

    Parameters
    ----------
    path : Path
        Folder name for error messages.
    known : DataFrame
        As returned by `fluxnet_sites` or `lathuile_sites`.
    site : str
        Site identifier.

    Returns
    -------
    dict
        ``lat`` [degree_north], ``lon`` [degree_east] and ``igbp``.

    Raises
    ------
    DataError
        If one of them is unknown.
    """
    rows = known[known["site"] == site]
    action = "complete the site table or remove the site's files"
    if rows.empty:
        raise DataError(path, site, "no entry in the site table", "its position and biome", action)
    facts = {name: rows.iloc[0][name] for name in ("lat", "lon", "igbp")}
    missing = [name for name, value in facts.items() if value == "" or pd.isna(value)]
    if missing:
        raise DataError(path, site, f"no {', '.join(missing)}", "position and biome", action)
    return facts


def find_tower_files(folder: Path) -> dict[str, list[TowerFile]]:
    """Find the files of every site in a folder and its archives.

    Returns
    -------
    dict of str to list of TowerFile
        By site, sorted: one FLUXNET table, or La Thuile tables in order of years.

    Raises
    ------
    DataError
        If a site has several FLUXNET tables (other than one that is also in an archive, under the
        same name and with the same content), a La Thuile year twice, or tables of both kinds; or
        if an archive is corrupt, cannot be trusted, or contains no table that is read.
    """
    files = tables_in(folder)
    _check_archives(files)
    found: dict[str, dict[str, TowerFile]] = {}
    for file in files:
        key = _site_and_part(file.label.name)
        if key is None:
            continue
        site, part = key
        parts = found.setdefault(site, {})
        if parts and (part in parts or "whole" in {part, *parts}):
            first = parts.get(part) or next(iter(parts.values()))
            if _unpacked(first, file):
                parts[part] = first if first.member is None else file
                continue
            both = f"{first.label.relative_to(folder)} and {file.label.relative_to(folder)}"
            raise DataError(folder, site, both, "one file", "remove one of them")
        parts[part] = file
    return {site: _in_order(parts) for site, parts in sorted(found.items())}


def _unpacked(one: TowerFile, other: TowerFile) -> bool:
    """Whether one file is the other, unpacked beside its archive."""
    in_archives = (one.member is not None) + (other.member is not None)
    if in_archives != 1 or one.label.name != other.label.name:
        return False
    return table_text(one).content == table_text(other).content


def _in_order(parts: dict[str, TowerFile]) -> list[TowerFile]:
    return [file for _, file in sorted(parts.items())]


def _check_archives(files: list[TowerFile]) -> None:
    """Raise a DataError if an archive has no daily table, unless all its tables list sites."""
    held: dict[Path, list[str]] = defaultdict(list)
    for file in files:
        if file.member is not None and "__MACOSX" not in file.member:
            held[file.path].append(file.label.name)
    for path, names in held.items():
        tables = [name for name in names if name.lower().endswith((".csv", ".csv.gz", ".xlsx"))]
        sites = [name for name in tables if any(known.match(name) for known in METADATA_NAMES)]
        if not any(map(_site_and_part, names)) and (not sites or len(sites) < len(tables)):
            raise DataError(
                path,
                "archive",
                ", ".join(names[:4]),
                "a daily table (FLUXNET_, FLUXMET_, FULLSET_ or SUBSET_DD) or site tables in it",
                "get the complete archive of the site, or remove this one",
            )


def is_site_table(name: str) -> bool:
    """Whether a file has the name of a site table of FLUXNET or La Thuile."""
    known = any(pattern.match(name) for pattern in METADATA_NAMES)
    return known or name.lower() in map(str.lower, LATHUILE_READERS)


def _site_and_part(name: str) -> tuple[str, str] | None:
    """Site and part of its record in a file, ``whole`` or a year; None for other files."""
    if match := FLUXNET_NAME.match(name):
        return match["site"], "whole"
    if match := LATHUILE_NAME.match(name):
        return match["site"], match["year"]
    return None
